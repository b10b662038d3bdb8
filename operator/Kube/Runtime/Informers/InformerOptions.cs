using Kube.Core;

namespace Kube.Runtime.Informers;

public sealed record InformerOptions<T>
    where T : class, IResource<T>
{
    /// <summary>Applied to each object before it is kept: drop what nobody reads, so that memory stays small.</summary>
    public Func<T, T>? Trim { get; init; }

    /// <summary>Which objects of the selection are kept at all; left out: each.
    /// Anybody may put a label on anything.</summary>
    public Func<ObjectMeta, bool>? Wants { get; init; }

    /// <summary>
    /// What is followed of an object that can't be read: given what is known of it, and how the same object (by uid)
    /// stood while it could be read, if this process ever saw that. Null: nothing. Left out: as it stood.
    /// </summary>
    public Func<Quarantined, T?, T?>? Follow { get; init; }

    public WatchTimes Times { get; init; } = new();
}
