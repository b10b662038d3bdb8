namespace Kube.Core.Kinds;

public sealed record PodFailureCondition
{
    public string? Type { get; init; }

    public string? Status { get; init; }
}
