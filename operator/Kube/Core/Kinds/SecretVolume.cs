namespace Kube.Core.Kinds;

public sealed record SecretVolume
{
    public string SecretName { get; init => field = value ?? ""; } = "";

    public bool? Optional { get; init; }

    public int? DefaultMode { get; init; }
}
