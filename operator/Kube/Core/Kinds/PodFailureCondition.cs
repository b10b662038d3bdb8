namespace Kube.Core.Kinds;

public sealed record PodFailureCondition
{
    public string Type { get; init => field = value ?? ""; } = "";

    public string? Status { get; init; }
}
