namespace Kube.Core.Kinds;

/// <summary>Discovery of one group version.</summary>
internal sealed record ResourceList
{
    public IReadOnlyList<ResourceEntry>? Resources { get; init; }
}
