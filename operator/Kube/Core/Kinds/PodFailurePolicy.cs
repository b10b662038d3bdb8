namespace Kube.Core.Kinds;

/// <summary>Which exits count as failures.</summary>
public sealed record PodFailurePolicy
{
    public IReadOnlyList<PodFailurePolicyRule>? Rules { get; init; }
}
