namespace Kube.Core;

/// <summary>What <c>/version</c> says; managed clusters write a minor like <c>29+</c>.</summary>
public sealed record KubeVersion
{
    public string Major { get; init => field = value ?? ""; } = "";

    public string Minor { get; init => field = value ?? ""; } = "";

    public string GitVersion { get; init => field = value ?? ""; } = "";

    public string? Platform { get; init; }
}
