namespace Kube.Core.Kinds;

/// <summary>Discovery of one group version.</summary>
internal sealed record ResourceList
{
    public IReadOnlyList<ResourceEntry>? Resources { get; init; }
}

/// <summary>One resource or subresource (<c>jobs/status</c>).</summary>
internal sealed record ResourceEntry
{
    public string? Name { get; init; }
}
