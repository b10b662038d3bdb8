namespace Kube.Core.Kinds;

public sealed record PodStatus
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }
}
