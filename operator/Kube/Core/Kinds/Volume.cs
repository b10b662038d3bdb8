namespace Kube.Core.Kinds;

public sealed record Volume
{
    public string Name { get; init => field = value ?? ""; } = "";

    public EmptyDirVolume? EmptyDir { get; init; }

    public SecretVolume? Secret { get; init; }

    public ConfigMapVolume? ConfigMap { get; init; }

    public ProjectedVolume? Projected { get; init; }
}
