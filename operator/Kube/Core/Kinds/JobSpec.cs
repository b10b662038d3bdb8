namespace Kube.Core.Kinds;

public sealed record JobSpec
{
    public int? Completions { get; init; }

    public int? Parallelism { get; init; }

    /// <summary><c>Indexed</c> gives each pod its number.</summary>
    public string? CompletionMode { get; init; }

    public int? BackoffLimit { get; init; }

    public int? BackoffLimitPerIndex { get; init; }

    public int? MaxFailedIndexes { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public int? TtlSecondsAfterFinished { get; init; }

    public bool? Suspend { get; init; }

    public string? PodReplacementPolicy { get; init; }

    public PodFailurePolicy? PodFailurePolicy { get; init; }

    public LabelSelector? Selector { get; init; }

    public PodTemplate? Template { get; init; }
}
