namespace ByokOperator.Cluster;

/// <summary>Leader election times, all derived from one in the relation that
/// Kubernetes' own components keep (15/10/2 s).</summary>
public sealed record LeaseOptions
{
    /// <summary>Below this a slow API server deposes a healthy leader again and again.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(5);

    public string Name { get; init; } = "byok-operator";

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan RenewDeadline => Duration * 10 / 15;

    public TimeSpan RetryPeriod => Duration * 2 / 15;

    /// <summary>How much sooner than the lease the fence of destructive acts falls.</summary>
    public TimeSpan SafetyMargin => Duration * 3 / 15;
}
