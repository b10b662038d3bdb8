using k8s.Models;

namespace Kube.Core.Kinds;

public sealed record JobSpec
{
    public int? Completions { get; init; }

    public int? Parallelism { get; init; }

    /// <summary><c>Indexed</c> gives each pod its number.</summary>
    public string? CompletionMode { get; init; }

    public int? BackoffLimit { get; init; }

    /// <summary>Known from 1.26 on; an older server leaves it out.</summary>
    public V1PodFailurePolicy? PodFailurePolicy { get; init; }

    public bool? Suspend { get; init; }

    public PodTemplate? Template { get; init; }
}

public sealed record PodTemplate
{
    public PodTemplateMeta? Metadata { get; init; }

    public PodSpec? Spec { get; init; }
}

/// <summary>A template has labels, but no name.</summary>
public sealed record PodTemplateMeta
{
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
