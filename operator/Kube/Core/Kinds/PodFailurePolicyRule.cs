namespace Kube.Core.Kinds;

public sealed record PodFailurePolicyRule
{
    public string Action { get; init => field = value ?? ""; } = "";

    public PodFailureExitCodes? OnExitCodes { get; init; }

    public IReadOnlyList<PodFailureCondition>? OnPodConditions { get; init; }
}
