namespace Kube.Core.Kinds;

public sealed record ContainerStatus
{
    public string Name { get; init => field = value ?? ""; } = "";

    public int? RestartCount { get; init; }

    public ContainerState? State { get; init; }

    public ContainerState? LastState { get; init; }
}
