namespace Kube.Core.Kinds;

/// <summary>A template has labels, but no name.</summary>
public sealed record PodTemplateMeta
{
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
