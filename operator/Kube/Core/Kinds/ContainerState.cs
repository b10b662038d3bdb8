namespace Kube.Core.Kinds;

public sealed record ContainerState
{
    public ContainerWaiting? Waiting { get; init; }

    public ContainerTerminated? Terminated { get; init; }
}
