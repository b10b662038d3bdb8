namespace Kube.Core.Kinds;

public sealed record PodStatus
{
    public string? Phase { get; init; }
}
