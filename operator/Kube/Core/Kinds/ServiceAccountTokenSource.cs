namespace Kube.Core.Kinds;

public sealed record ServiceAccountTokenSource
{
    public string? Audience { get; init; }

    public long? ExpirationSeconds { get; init; }

    public string Path { get; init => field = value ?? ""; } = "";
}
