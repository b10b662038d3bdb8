using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>
/// How long writers may be refused for a delta that does not come to its end: for so long, and to the end of the
/// maintenance window where there is one. Then the fence is lifted, writers write for as long again, and the next delta
/// has less to copy. Once a receipt names the fence, or readers were switched, only the retirement lifts it: what is
/// left then takes seconds, and lifting it could lose what was written.
/// </summary>
internal static class FenceBound
{
    /// <summary>Whether the fence that stands may stand on.</summary>
    public static Finding InTime(MigrationWorld world, SourceFacts source, string fence) =>
        Over(world, source) is not { } over
            ? Finding.Holds.Now
            : world.Served.Judge(served => world.Receipt.Judge(receipt =>
                served is not null || (receipt is not null && receipt.Scope == world.Scope && receipt.Fence == fence)
                    ? Finding.Holds.Now
                    : new Finding.Lacks(over.Reason, new MigrationAct.GiveUpFence(fence), over.Message)));

    /// <summary>No fence stands: when the next one may. One that does not get up refuses writers too,
    /// and has the same time.</summary>
    public static Finding Again(MigrationWorld world, SourceFacts source)
    {
        var raise = new Finding.Lacks("WritesOpen", new MigrationAct.RaiseFence(world.Spec));
        return world.Served.Judge(served => served is not null ? raise
            : source.Rising is { } rising
                && Over(world, source) is { } over
                    ? new Finding.Lacks(over.Reason, new MigrationAct.GiveUpFence(rising), over.Message)
            : world.FenceLiftedAt.Judge(_ => FenceWait.Of(world)?.ToFinding(world.Now) ?? raise));
    }

    /// <summary>What is to stand still for the fence. Nothing new is held up outside of a window; what was held up for
    /// a fence that was given up goes on.</summary>
    public static Finding Quiesced(MigrationWorld world, WorkloadState workloads) => FenceWait.Of(world) is { } wait
        ? workloads.SuspendedByUs > 0 && !world.HoldsWorkloads
            ? new Finding.Lacks("WorkloadsHeld", new MigrationAct.ReleaseWorkloads(world.Spec), wait.Message)
            : wait.ToFinding(world.Now)
        : workloads.Running > 0
            && IsOpen(world) ? new Finding.Lacks("WorkloadsRunning", new MigrationAct.QuiesceWorkloads(world.Spec))
        : Finding.Holds.Now;

    /// <summary>When the fence that stands or rises is given up, so that this is not late by a steady recheck;
    /// null where none stands.</summary>
    public static DateTimeOffset? EndsAt(MigrationWorld world)
    {
        if (world.Source.ForDisplay() is not { AnyFence: not null } source)
        {
            return null;
        }

        DateTimeOffset?[] ends = [source.FencedSince?.Later(world.FenceTimeout), world.Windows?.OpenUntil(world.Now)];
        return ends.Min();
    }

    /// <summary>A fence that does not say since when it stands, or names a time to come, was not left as we raised it:
    /// its time is over.</summary>
    public static bool IsInTime(DateTimeOffset? since, TimeSpan timeout, DateTimeOffset now) =>
        since is { } time && now - time < timeout && time - now < timeout;

    /// <summary>As the spec says; the rules took it in, so what can't be read is the default.</summary>
    public static TimeSpan TimeoutOf(EncryptedStore store) =>
        GoDuration.Within(store.Spec.Migration.FenceTimeout, StoreRules.LongestFence, TimeSpan.FromHours(1));

    private static bool IsOpen(MigrationWorld world) =>
        world.Windows is not { } windows || windows.OpenUntil(world.Now) is not null;

    private static (string Reason, string Message)? Over(MigrationWorld world, SourceFacts source) =>
        !IsOpen(world)
            ? ("WindowEnded",
                "the maintenance window ended before the delta was done: the fence is lifted, and raised again in a "
                    + "later one")
        : !IsInTime(source.FencedSince, world.FenceTimeout, world.Now)
            ? ("FenceTimedOut",
                "the delta did not finish within spec.migration.fenceTimeout: the fence is lifted, and raised again "
                    + "later")
        : null;
}
