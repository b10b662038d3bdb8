namespace Kube.Core.Kinds;

public sealed record ContainerWaiting
{
    public string? Reason { get; init; }

    public string? Message { get; init; }
}
