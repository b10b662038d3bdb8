namespace Kube.Core.Kinds;

public sealed record PodSpec
{
    public string? ServiceAccountName { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public string? RestartPolicy { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public bool? HostNetwork { get; init; }

    public string? DnsPolicy { get; init; }

    public string? NodeName { get; init; }

    public string? PriorityClassName { get; init; }

    /// <summary>Null: the default scheduler.</summary>
    public string? SchedulerName { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<Toleration>? Tolerations { get; init; }

    public IReadOnlyList<LocalReference>? ImagePullSecrets { get; init; }

    public PodSecurityContext? SecurityContext { get; init; }

    public IReadOnlyList<Container>? Containers { get; init; }

    public IReadOnlyList<Volume>? Volumes { get; init; }
}
