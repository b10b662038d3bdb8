namespace Kube.Core.Kinds;

/// <summary>How many are wanted.</summary>
public sealed record ReplicaSpec
{
    public int? Replicas { get; init; }
}
