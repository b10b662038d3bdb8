using Kube.Core.Kinds;

namespace Kube.Runtime.LeaderElection;

/// <summary>
/// Who may take the lease, decided without a clock or a server. A holder is presumed alive for the duration it asked
/// for, counted from when its last change was seen here: later than it was made, so we are never early.
/// </summary>
public static class LeaseDecider
{
    public static LeaseDecision Next(ObservedLease sighting, TimeSpan now, string me, TimeSpan defaultDuration)
    {
        if (sighting.Lease is not { Spec.HolderIdentity: { Length: > 0 } holder } lease)
        {
            return new LeaseDecision.Take();
        }

        if (holder == me)
        {
            return new LeaseDecision.Keep();
        }

        var duration = lease.Spec.LeaseDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds)
            : defaultDuration;
        var freeAt = sighting.ChangedAt + duration;
        return now >= freeAt ? new LeaseDecision.Take() : new LeaseDecision.Wait(freeAt);
    }
}

/// <summary>What to do about the lease now.</summary>
public abstract record LeaseDecision
{
    private LeaseDecision()
    {
    }

    /// <summary>Nobody holds it, or its holder has gone silent:
    /// try to write our name into exactly this version.</summary>
    public sealed record Take : LeaseDecision;

    /// <summary>It is ours: renew it.</summary>
    public sealed record Keep : LeaseDecision;

    /// <summary>Somebody holds it; it can't be free before this moment.</summary>
    public sealed record Wait(TimeSpan Until) : LeaseDecision;
}

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
