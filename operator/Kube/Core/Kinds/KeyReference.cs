namespace Kube.Core.Kinds;

/// <summary>One key of a Secret or ConfigMap.</summary>
public sealed record KeyReference
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string Key { get; init => field = value ?? ""; } = "";

    public bool? Optional { get; init; }
}
