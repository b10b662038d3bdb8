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
