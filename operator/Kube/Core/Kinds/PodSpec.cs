using k8s.Models;

namespace Kube.Core.Kinds;

public sealed record PodSpec
{
    public string? ServiceAccountName { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public string? RestartPolicy { get; init; }

    public bool? HostNetwork { get; init; }

    /// <summary>Null: the default scheduler.</summary>
    public string? SchedulerName { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public V1PodSecurityContext? SecurityContext { get; init; }

    public IReadOnlyList<Container>? Containers { get; init; }
}
