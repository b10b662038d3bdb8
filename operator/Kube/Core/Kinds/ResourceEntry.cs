namespace Kube.Core.Kinds;

/// <summary>One resource or subresource (<c>jobs/status</c>).</summary>
internal sealed record ResourceEntry
{
    public string? Name { get; init; }
}
