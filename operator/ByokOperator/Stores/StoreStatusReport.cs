using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Reencrypting;
using ByokOperator.Returning;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>A store's status from what was seen. Pure. What was not looked at this time keeps what it showed.</summary>
internal static class StoreStatusReport
{
    public static EncryptedStoreStatus Of(
        EncryptedStore store, StoreWorld world, Plan<StoreWorld> plan, IReadOnlyList<Condition> conditions,
        IReadOnlyList<CensusEntry>? census)
    {
        var shown = store.Status;
        var place = StorePlace.Of(store.Spec);
        var availability = AvailabilityOf(world, plan, shown?.Availability);
        var isShut = availability is StoreVerdict.Closed or StoreVerdict.Closing;
        return new EncryptedStoreStatus
        {
            ObservedGeneration = store.Metadata.Generation,
            Conditions = conditions,
            Location = new StoreLocation
            {
                Cloud = place.Cloud,
                Region = place.Region,
                Bucket = plan.Name == StorePlan.Pointer ? place.Shared?.Name ?? "" : StoreNames.Place(store),
                Prefix = place.Shared?.Prefix ?? "",
            },
            ActiveKey = plan.Name == StorePlan.Pointer ? null : world.Pin.ForDisplay()?.KeyId ?? shown?.ActiveKey,
            PendingKey = world.WantedKey,
            PinnedKeys = world.AlsoPinned is [] ? null
                : [.. world.Keys.Where(key => key.Pin is not null)
                    .Select(key => new PinnedKeyStatus(key.Name, key.Pin!.KeyId))],
            Availability = availability,
            Migration = world.Return is { IsBegun: true } back ? back.Shown ?? shown?.Migration
                : world.Next is { } move ? move.Shown ?? shown?.Migration
                : ProgressOf(world.Shown, shown?.Migration),
            Reencryption = world.Next is { } next ? MovedOn(next)
                : world.Change?.Reencryption.Shown ?? shown?.Reencryption,
            Plan = PlanOf(store, world, shown?.Plan),
            Census = census ?? shown?.Census,
            ClosedSince = availability != StoreVerdict.Closed ? null
                : Seconds(world.Closure is { ReopenedAt: null } closure ? closure.ClosedAt
                    : world.ShutSince ?? world.Now),
            ClosedReason = isShut ? StoreVerdict.MustClose(world)?.Told ?? shown?.ClosedReason : null,
            LastReportTime = world.Report.ForDisplay()?.WrittenAt ?? shown?.LastReportTime,
            LastHandledReconcileAt = store.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt),
        };
    }

    private static ReencryptionProgress MovedOn(NextWorld next) => new()
    {
        Engine = nameof(ReencryptionEngine.Move),
        VersionsLooked = next.Shown?.ObjectsTotal,
        VersionsReencrypted = next.Shown?.ObjectsCopied,
        BytesReencrypted = next.Shown?.BytesCopied,
        StartedAt = next.Known.BegunAt is { } begun ? Seconds(begun) : null,
        FinishedAt = next.Known.ServedAt is { } served ? Seconds(served) : null,
    };

    /// <summary>A look that was blind for what was seen shut before takes nothing back;
    /// one that saw anything open does.</summary>
    private static string? AvailabilityOf(StoreWorld world, Plan<StoreWorld> plan, string? shown) =>
        plan.Name == StorePlan.Closing
            ? world.WasShut && ClosingLadder.IsNothingOpen(world) ? StoreVerdict.Closed
                : StoreVerdict.AvailabilityOf(world)
        : world.Binding.ForDisplay() is not null ? IsPaused(world, shown) ? StoreVerdict.Paused : StoreVerdict.Open
        : shown is StoreVerdict.Open or StoreVerdict.Paused && world.Binding.Blindness is not null
            && world.Target.ForDisplay() is not { IsDenied: true } ? shown
        : (shown is StoreVerdict.Closed or StoreVerdict.Closing) && !ClosingLadder.IsSeenOpen(world) ? shown : null;

    /// <summary>What can't be looked at is shown as it was, while the rotation waits.</summary>
    private static bool IsPaused(StoreWorld world, string? shown) =>
        StoreVerdict.IsPaused(world)
            || (shown == StoreVerdict.Paused && StoreVerdict.MayNotRun(world)
                && world.Workloads.ForDisplay() is not { Running: > 0 });

    /// <summary>When a move began is only known while its marks are read; then it stays as it was shown.</summary>
    private static MigrationProgress? ProgressOf(MigrationProgress? seen, MigrationProgress? shown) =>
        seen is null ? shown : seen with { StartedAt = shown?.StartedAt ?? seen.StartedAt };

    /// <summary>A count that is made anew hides the last one that was complete
    /// only once it is complete itself.</summary>
    private static MovePlan? PlanOf(EncryptedStore store, StoreWorld world, MovePlan? shown) =>
        store.Spec.Migration.Mode != MigrationPolicy.Plan ? null
        : (world.Return?.Plan ?? world.Migration?.Plan)?.ForDisplay() is not { } facts
            || (facts.CountedAt is null && shown?.State == MovePlanner.Complete) ? shown
        : world.Return is { Plan: not null } back ? ReturnPlanner.Of(store, facts, back)
        : MovePlanner.Of(store, facts, world.Look?.Shared.ForDisplay());

    private static DateTimeOffset Seconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
