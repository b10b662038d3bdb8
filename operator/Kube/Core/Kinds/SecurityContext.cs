namespace Kube.Core.Kinds;

public sealed record SecurityContext
{
    public bool? AllowPrivilegeEscalation { get; init; }

    public bool? ReadOnlyRootFilesystem { get; init; }

    public Capabilities? Capabilities { get; init; }
}
