using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>How many stores are open, closing and closed, what holds up how many closings, how their moves and reports
/// stand. Alert on a closing that is held up.</summary>
internal sealed class StoreMetrics(TimeProvider time)
{
    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Histogram<double> closings = meter.CreateHistogram<double>(
        "byok.closing.duration", "s", "From when a revocation was known until its store was seen to be shut.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600],
        });

    private static readonly Counter<long> objects = meter.CreateCounter<long>("byok.move.objects",
        description: "Versions and delete markers that moves copied, as their workers told.");

    private static readonly Counter<long> bytes =
        meter.CreateCounter<long>("byok.move.bytes", "By", "Bytes that moves copied, as their workers told.");

    private static readonly Counter<long> failures = meter.CreateCounter<long>("byok.move.failed_attempts",
        description: "Copies that ended without having copied all.");

    private static readonly ReadingsOf<StoreReading> all = Gauges();

    private readonly Readings<StoreReading> readings = new(all, time);
    private readonly ConcurrentDictionary<ObjectKey, (long Objects, long Bytes)> met = new();

    /// <summary>At each look, before anything is done: what a move had copied when this process first looked is nothing
    /// that happened now. A move may be through before the first reading is put.</summary>
    public void Meet(ObjectKey store, MigrationProgress? standing)
    {
        if (!readings.Knows(store))
        {
            met.TryAdd(store, (standing?.ObjectsCopied ?? 0, standing?.BytesCopied ?? 0));
        }
    }

    public void Put(ObjectKey store, StoreReading reading)
    {
        reading = reading.After(readings.Find(store), readings.Now);
        if (readings.Put(store, reading) is not { } before)
        {
            if (met.TryRemove(store, out var first))
            {
                Grow(objects, reading.Progress?.ObjectsCopied, first.Objects);
                Grow(bytes, reading.Progress?.BytesCopied, first.Bytes);
            }

            return;
        }

        if (reading is { Availability: StoreVerdict.Closed, ClosingSince: { } since }
            && before.Availability != StoreVerdict.Closed)
        {
            closings.Record((readings.Now - since).TotalSeconds);
        }

        Grow(objects, reading.Progress?.ObjectsCopied, before.Progress?.ObjectsCopied);
        Grow(bytes, reading.Progress?.BytesCopied, before.Progress?.BytesCopied);
        Grow(failures, reading.FailedAttempts, before.FailedAttempts);
    }

    public void Forget(ObjectKey store)
    {
        readings.Forget(store);
        met.TryRemove(store, out _);
    }

    private static void Grow(Counter<long> counter, long? now, long? before)
    {
        if (now - (before ?? 0) is > 0 and { } more)
        {
            counter.Add(more);
        }
    }

    private static ReadingsOf<StoreReading> Gauges()
    {
        var gauges = new ReadingsOf<StoreReading>(meter);
        gauges.Count("byok.stores", "Stores, by availability.", ["availability"], one => [[one.Availability]]);
        gauges.Count("byok.closings.held_up", "Stores that have to be closed and can't be, by reason.", ["reason"],
            one => one.HeldUp is { } why ? [[why]] : []);
        gauges.Worst(
            "byok.closing.oldest", "s",
            "Since a revocation was known whose store was not seen to be shut, the oldest; 0: all are.",
            (one, now) => one.Availability == StoreVerdict.Closed ? null : (now - one.ClosingSince)?.TotalSeconds);
        gauges.Worst("byok.store.unseen", "s",
            "Since nobody could look at a store that stands, the longest; 0: all are seen.",
            (one, now) => (now - one.UnseenSince)?.TotalSeconds);
        gauges.Count("byok.moves", "Moves, by state: Copying, Stalled, Done.", ["state"],
            one => one.Move is { } state ? [[state]] : []);
        gauges.Count("byok.key_changes", "Stores that go to another key, by state: UnderWay, Stalled.", ["state"],
            one => one.KeyChange is { } state ? [[state]] : []);
        gauges.Sum("byok.move.objects_left", unit: null,
            "Versions and delete markers that moves under way have still to copy.",
            one => one.Move is null or StoreReading.Done
                ? 0
                : Math.Max(0, (one.Progress?.ObjectsTotal - one.Progress?.ObjectsCopied) ?? 0));
        gauges.Sum("byok.census.objects", unit: null, "Objects in stores, by the last census of each.",
            one => one.Census.Own + one.Census.Other);
        gauges.Sum("byok.census.other_key_objects", unit: null,
            "Objects in stores that are not under the store's own key, by the last census of each.",
            one => one.Census.Other);
        gauges.Worst("byok.report.age", "s", "Of the oldest last report.",
            (one, now) => (now - one.ReportedAt)?.TotalSeconds);
        gauges.Worst(
            "byok.report.overdue", "s",
            "For how long the report is overdue that is it most: later than two of its intervals, the first one later "
                + "than it was due; 0: none is.",
            (one, now) => (now - one.OverdueFrom)?.TotalSeconds is { } late ? Math.Max(0, late) : null);
        gauges.Count("byok.report.deviations", "Stores whose last report has a deviation, by its code.", ["code"],
            one => one.Deviations.Distinct().Select(code => new[] { code }));
        return gauges;
    }
}
