namespace Kube.Core.Kinds;

/// <summary>How many there are.</summary>
public sealed record ReplicaStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }
}
