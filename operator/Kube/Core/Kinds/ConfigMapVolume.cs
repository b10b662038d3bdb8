namespace Kube.Core.Kinds;

public sealed record ConfigMapVolume
{
    public string Name { get; init => field = value ?? ""; } = "";

    public bool? Optional { get; init; }
}
