namespace Kube.Core.Kinds;

public sealed record PodTemplate
{
    public PodTemplateMeta? Metadata { get; init; }

    public PodSpec? Spec { get; init; }
}
