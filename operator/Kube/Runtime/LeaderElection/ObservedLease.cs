using Kube.Core.Kinds;

namespace Kube.Runtime.LeaderElection;

/// <summary>
/// The lease as we last saw it, and when, by our own monotonic clock, we first saw it so. The times written in it are
/// its holder's and are never compared with ours.
/// </summary>
/// <param name="Lease">Null: there is none.</param>
/// <param name="ChangedAt">When we first saw it in this state.</param>
public sealed record ObservedLease(Lease? Lease, TimeSpan ChangedAt)
{
    /// <summary>The sighting after one more look: the moment stays when nothing changed.</summary>
    public static ObservedLease After(ObservedLease? before, Lease? seen, TimeSpan now) =>
        before is not null && before.Lease?.Metadata.ResourceVersion == seen?.Metadata.ResourceVersion
            && before.Lease?.Metadata.Uid == seen?.Metadata.Uid
            ? before
            : new ObservedLease(seen, now);
}
