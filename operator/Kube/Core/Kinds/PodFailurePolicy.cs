namespace Kube.Core.Kinds;

/// <summary>What becomes of a Job by how its pods fail. The first rule that fits counts.</summary>
public sealed record PodFailurePolicy
{
    public IReadOnlyList<PodFailureRule>? Rules { get; init; }
}
