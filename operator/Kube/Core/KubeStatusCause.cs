namespace Kube.Core;

/// <summary>One of several reasons; <see cref="Field"/> is a path into the object that was sent.</summary>
public sealed record KubeStatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}
