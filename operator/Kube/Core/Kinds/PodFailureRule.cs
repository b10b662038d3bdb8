namespace Kube.Core.Kinds;

/// <summary>One of the two must be said.</summary>
public sealed record PodFailureRule
{
    /// <summary><c>FailJob</c>, <c>Ignore</c>, <c>Count</c> or <c>FailIndex</c>.</summary>
    public string? Action { get; init; }

    public PodFailureExitCodes? OnExitCodes { get; init; }

    public IReadOnlyList<PodFailureCondition>? OnPodConditions { get; init; }
}
