using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace ByokOperator.Migrations;

/// <summary>
/// How long writers may be refused for a delta that does not come to its end: then the fence is lifted, writers write for as long
/// again, and the next delta has less to copy. Once a receipt names the fence, or readers were switched, only the retirement lifts it.
/// </summary>
internal static class FenceBound
{
    /// <summary>Whether the fence that stands may stand on.</summary>
    public static Finding InTime(MigrationWorld world, SourceFacts source, string fence) => IsInTime(source.FencedSince, world.FenceTimeout, world.Now)
        ? Finding.Holds.Now
        : world.Served.Judge(served => world.Receipt.Judge(receipt =>
            served is not null || (receipt is not null && receipt.Scope == world.Scope && receipt.Fence == fence)
                ? Finding.Holds.Now
                : new Finding.Lacks("FenceTimedOut", new MigrationAct.GiveUpFence(fence), "the delta did not finish within spec.migration.fenceTimeout: the fence is lifted, and raised again later")));

    /// <summary>No fence stands: when the next one may.</summary>
    public static Finding Again(MigrationWorld world)
    {
        var raise = new Finding.Lacks("WritesOpen", new MigrationAct.RaiseFence(world.Spec));
        return world.Served.Judge(served => served is not null ? raise : world.FenceLiftedAt.Judge(_ => PausedUntil(world) is { } until
            ? new Finding.Pending("FencePaused", until - world.Now, $"the delta did not finish within spec.migration.fenceTimeout: writes are open, the next fence waits until {until:u}")
            : raise));
    }

    /// <summary>What was held still for the fence that was given up.</summary>
    public static Finding Released(MigrationWorld world, WorkloadState workloads) => workloads.SuspendedByUs > 0
        ? new Finding.Lacks("WorkloadsHeld", new MigrationAct.ReleaseWorkloads(world.Spec))
        : Finding.Holds.Now;

    /// <summary>Null where nothing has to wait: a time that lies further ahead than any pause is none.</summary>
    public static DateTimeOffset? PausedUntil(MigrationWorld world) =>
        world.Source.ForDisplay() is { Fence: null }
        && world.FenceLiftedAt.ForDisplay() is { } lifted && lifted <= world.Now && lifted + world.FenceTimeout is var until && until > world.Now
            ? until
            : null;

    /// <summary>A fence that does not say since when it stands, or names a time to come, was not left as we raised it: its time is over.</summary>
    public static bool IsInTime(DateTimeOffset? since, TimeSpan timeout, DateTimeOffset now) =>
        since is { } time && now - time < timeout && time - now < timeout;

    /// <summary>As the spec says; the rules took it in, so what can't be read is the default.</summary>
    public static TimeSpan TimeoutOf(EncryptedStore store) => GoDuration.TryParse(store.Spec.Migration.FenceTimeout, out var timeout) ? timeout : TimeSpan.FromHours(1);
}
