using ByokOperator.Api;
using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>Which ladder a store stands on in this look. Nothing remembers it: the world says it every time anew.</summary>
internal static class StorePlan
{
    public const string Closing = "Closing";
    public const string Deleting = "Deleting";
    public const string Wanted = "Wanted";

    /// <summary>A store that ought to be closed and is not: tried again this soon, however long it has been failing.</summary>
    private static readonly TimeSpan ClosingRecheck = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan PausedRecheck = TimeSpan.FromMinutes(10);

    /// <summary>Closing comes before everything: before deleting, before a pause, before a spec that is wrong.</summary>
    public static Plan<StoreWorld> Choose(StoreWorld world)
    {
        var open = StoreVerdict.MustClose(world) is null;
        IReadOnlyList<Step> due = open ? [] : Ladder.Due(ClosingLadder.Rungs, world);
        if (!open && (due.Count > 0 || !world.IsDeleting))
        {
            return new(Closing, [StoreLadder.KeyUsableRung, .. ClosingLadder.Rungs, StoreLadder.CompliantRung], Close(world, due), due.Count > 0 ? ClosingRecheck : ReportDueIn(world));
        }

        var (name, rungs) = world.IsDeleting ? (Deleting, DeletingFor(world)) : (Wanted, WantedFor(world));
        return world.IsPaused
            ? new(name, rungs, [new Step.Wait("Paused", "Paused", PausedRecheck)], StoreVerdict.StaleIn(world))
            : Plan.Climb(name, rungs, world, StoreVerdict.StaleIn(world));
    }

    /// <summary>
    /// Closed already: what is left is why, and that is the key's to change. A store that is shut reports it beside whatever
    /// can't be seen or done yet.
    /// </summary>
    private static IReadOnlyList<Step> Close(StoreWorld world, IReadOnlyList<Step> due)
    {
        var mayReport = ClosingLadder.IsShut(world) && !world.IsDeleting && !world.IsPaused;
        IReadOnlyList<Step> report = mayReport && Ladder.Next([StoreLadder.CompliantRung], world) is Step.Take take ? [take] : [];
        return due.Count + report.Count > 0 ? [.. due, .. report] : [Ladder.Next([StoreLadder.KeyUsableRung], world)];
    }

    private static TimeSpan? ReportDueIn(StoreWorld world) => world.Report.ForDisplay() is { } report
        ? TimeSpan.FromTicks(Math.Max((report.WrittenAt + world.ReportInterval - world.Now).Ticks, 0)) + TimeSpan.FromSeconds(1)
        : null;

    private static IReadOnlyList<Rung<StoreWorld>> WantedFor(StoreWorld world) =>
        world.Migration is null ? StoreLadder.WithoutMigration : StoreLadder.WithMigration;

    private static IReadOnlyList<Rung<StoreWorld>> DeletingFor(StoreWorld world) =>
        world.DeletionPolicy == DeletionPolicies.Delete ? DeletingLadder.Delete : DeletingLadder.Retain;
}
