namespace Kube.Core.Kinds;

public sealed record PodFailureExitCodes
{
    public string? ContainerName { get; init; }

    public string Operator { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<int> Values { get; init => field = value ?? []; } = [];
}
