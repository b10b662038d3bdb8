namespace ByokOperator.Api;

public sealed record WorkloadPolicy
{
    /// <summary>Deployments, StatefulSets, CronJobs and Jobs of the namespace that use the store; suspended while it is closed.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary><c>Online</c> (they run throughout, but for the fence) or <c>Quiesce</c> (suspended until the switch).</summary>
    public string DuringMigration { get; init => field = value ?? "Online"; } = "Online";
}
