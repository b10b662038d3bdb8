using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Since when a region's key is not to be judged, and since when it is revoked: both stand on record, so that
/// a restart begins neither anew.</summary>
internal static class KeyClocks
{
    // A record that can't be trusted keeps no clock: this process's memory does, and SpecRecorded says what to mend.
    public static Finding Kept(KeyWorld world) =>
        world.RecordFault is not null ? Finding.Holds.Now
            : Foremost.Of(world.Regions, region => Kept(world, region));

    private static Finding Kept(KeyWorld world, KeyRegion region)
    {
        if (region.IsAwaited && !world.IsRevokedByTenant)
        {
            return Finding.Holds.Now;
        }

        var isRevoked = world.IsRevokedByTenant || KeyJudgement.IsReplaced(region);
        if (!isRevoked && region.Answer.Blindness is not null)
        {
            // Not to be able to judge is not to know: the first clock starts, and none is stopped.
            return region.UnknownSince.Judge(since => since is null
                ? new Finding.Lacks("ClockNotStarted", new KeyAct.StartClock(region.Region, Clock.Unknown, world.Now))
                : Finding.Holds.Now);
        }

        var verdict = isRevoked ? Fact.Seen(KeyVerdict.Revoked) : region.Answer.Select(answer => answer.Verdict);
        return verdict.Judge(said => Foremost.Of(
            [
                (Clock.Unknown, Since: region.UnknownSince, Runs: said is KeyVerdict.Unknown),
                (Clock.Revoked, Since: region.RevokedSince, Runs: said is KeyVerdict.Revoked),
            ],
            clock => clock.Since.Judge(since => (clock.Runs, since) switch
            {
                (true, null) =>
                    new Finding.Lacks("ClockNotStarted", new KeyAct.StartClock(region.Region, clock.Item1, world.Now)),
                (false, { } started) =>
                    new Finding.Lacks("ClockStillRuns", new KeyAct.StopClock(region.Region, clock.Item1, started)),
                _ => Finding.Holds.Now,
            })));
    }
}

/// <summary>The two clocks of a key. They are kept beside the canary, so that a restart can't set them back.</summary>
internal enum Clock
{
    /// <summary>Since when nobody could be asked.</summary>
    Unknown,

    /// <summary>Since when the answer is no.</summary>
    Revoked,
}
