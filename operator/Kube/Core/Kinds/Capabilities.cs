namespace Kube.Core.Kinds;

public sealed record Capabilities
{
    public IReadOnlyList<string>? Drop { get; init; }
}
