using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record WorkloadPolicy
{
    public const string Online = "Online";
    public const string Quiesce = "Quiesce";
    public const string Window = "Window";

    /// <summary>Deployments, StatefulSets, CronJobs and Jobs of the namespace that use the store;
    /// suspended while it is closed.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary><c>Online</c> (they run throughout, but for the fence), <c>Quiesce</c> (suspended until the switch) or
    /// <c>Window</c> (the same, in a maintenance window alone).</summary>
    public string DuringMigration { get; init => field = value ?? Online; } = Online;
}

public sealed record LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init => field = Entries.Of(value); }
}
