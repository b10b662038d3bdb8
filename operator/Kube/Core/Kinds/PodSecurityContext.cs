namespace Kube.Core.Kinds;

public sealed record PodSecurityContext
{
    public bool? RunAsNonRoot { get; init; }

    public long? RunAsUser { get; init; }

    public SeccompProfile? SeccompProfile { get; init; }
}
