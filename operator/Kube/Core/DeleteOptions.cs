namespace Kube.Core;

/// <summary>How to delete, and on which condition; the body of a DELETE.</summary>
public sealed record DeleteOptions
{
    /// <summary>Refuse (409) unless the object is still this one: a namesake made later is left alone.</summary>
    public string? Uid { get; init; }

    /// <summary>Refuse (409) if the object changed since this version.</summary>
    public string? ResourceVersion { get; init; }

    public Propagation? Propagation { get; init; }
}
