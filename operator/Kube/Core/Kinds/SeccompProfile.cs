namespace Kube.Core.Kinds;

public sealed record SeccompProfile
{
    public string Type { get; init => field = value ?? ""; } = "";
}
