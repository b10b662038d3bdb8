using ByokOperator.Api;
using ByokOperator.Reconciling;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>A store's status from what was seen. Pure. What was not looked at this time keeps what it showed.</summary>
internal static class StoreStatusReport
{
    public static EncryptedStoreStatus Of(
        EncryptedStore store, StoreWorld world, Plan<StoreWorld> plan, IReadOnlyList<Condition> conditions, IReadOnlyList<CensusEntry>? census)
    {
        var shown = store.Status;
        var place = StorePlace.Of(store.Spec);
        var isClosing = plan.Name == StorePlan.Closing;
        var availability = isClosing ? StoreVerdict.Closed
            : world.Binding.ForDisplay() is not null ? StoreVerdict.Open
            : shown?.Availability == StoreVerdict.Closed ? StoreVerdict.Closed : null;
        return new EncryptedStoreStatus
        {
            ObservedGeneration = store.Metadata.Generation,
            Conditions = conditions,
            Location = new StoreLocation
            {
                Cloud = place.Cloud,
                Region = place.Region,
                Bucket = place.NameFor(store.Metadata.Uid ?? ""),
                Prefix = place.Shared?.Prefix ?? "",
            },
            ActiveKey = world.Pin.ForDisplay()?.KeyId ?? shown?.ActiveKey,
            Availability = availability,
            Migration = ProgressOf(world.Shown, shown?.Migration),
            Census = census ?? shown?.Census,
            ClosedSince = availability == StoreVerdict.Closed ? shown?.ClosedSince ?? Seconds(StoreVerdict.MustClose(world)?.Since ?? world.Now) : null,
            ClosedReason = availability == StoreVerdict.Closed ? StoreVerdict.MustClose(world)?.Reason ?? shown?.ClosedReason : null,
            LastReportTime = world.Report.ForDisplay()?.WrittenAt ?? shown?.LastReportTime,
            LastHandledReconcileAt = store.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt),
        };
    }

    /// <summary>When a move began is only known while its marks are read; then it stays as it was shown.</summary>
    private static MigrationProgress? ProgressOf(MigrationProgress? seen, MigrationProgress? shown) =>
        seen is null ? shown : seen with { StartedAt = shown?.StartedAt ?? seen.StartedAt };

    private static DateTimeOffset Seconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
