namespace Kube.Core.Kinds;

public sealed record PodFailureExitCodes
{
    /// <summary>Any container's where it is left out.</summary>
    public string? ContainerName { get; init; }

    /// <summary><c>In</c> or <c>NotIn</c>.</summary>
    public string? Operator { get; init; }

    public IReadOnlyList<int>? Values { get; init; }
}
