namespace Kube.Core;

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
