namespace ByokOperator.Hosting;

/// <summary>Leader election times, in the relation that Kubernetes' own components keep (15/10/2 s).</summary>
public sealed record LeaseOptions
{
    public string Name { get; init; } = "byok-operator";

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
