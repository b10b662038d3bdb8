using k8s.Models;

namespace Kube.Core.Kinds;

public sealed record Container
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string? Image { get; init; }

    public string? ImagePullPolicy { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<EnvironmentVariable>? Env { get; init; }

    public IReadOnlyList<V1EnvFromSource>? EnvFrom { get; init; }

    public ResourceRequirements? Resources { get; init; }

    public V1SecurityContext? SecurityContext { get; init; }

    public string? TerminationMessagePolicy { get; init; }
}

public sealed record EnvironmentVariable
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string? Value { get; init; }
}

public sealed record ResourceRequirements
{
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}
