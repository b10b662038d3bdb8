namespace Kube.Core.Kinds;

public sealed record ProjectedVolume
{
    public IReadOnlyList<ProjectedSource>? Sources { get; init; }
}
