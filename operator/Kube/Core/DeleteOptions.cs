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

/// <summary>What happens to the dependants of a deleted object.</summary>
public enum Propagation
{
    /// <summary>The object goes at once; the garbage collector takes its dependants afterwards.</summary>
    Background,

    /// <summary>The object stays, deleting, until its dependants are gone.</summary>
    Foreground,

    /// <summary>The dependants stay and lose their owner.</summary>
    Orphan,
}
