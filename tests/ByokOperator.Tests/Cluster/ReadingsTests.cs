using System.Diagnostics.Metrics;
using Byok.Import.Tests;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Importing;
using ByokOperator.Tests.Stores;
using Kube.Core;
using Kube.Tests.Runtime.Hosting;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Cluster;

/// <summary>Gauges over what each object's last reconcile found.</summary>
public sealed class ReadingsTests : IAsyncLifetime
{
    private static readonly ObjectKey first = new("acme", "first");
    private static readonly ObjectKey second = new("acme", "second");

    private readonly Meter meter = new($"ReadingsTests.{Guid.NewGuid():N}");
    private readonly ReadingsOf<Reading> all;
    private readonly SetTime time = new();
    private Scrape? scrape;

    public ReadingsTests()
    {
        all = new ReadingsOf<Reading>(meter);
        all.Count("test.things", "Things.", ["colour"], one => one.Colours.Select(colour => new[] { colour }));
        all.Worst("test.age", "s", "The oldest.", (one, now) => (now - one.Since)?.TotalSeconds);
        all.Soonest("test.end.timestamp", "The first.", one => one.Ends);
        all.Sum("test.left", unit: null, "All.", one => one.Left);
    }

    public async ValueTask InitializeAsync() => scrape = await Scrape.StartAsync(meter.Name);

    public async ValueTask DisposeAsync()
    {
        await scrape!.DisposeAsync();
        meter.Dispose();
    }

    [Fact]
    public async Task What_is_counted_falls_again_and_what_there_is_no_more_of_is_0()
    {
        var readings = new Readings<Reading>(all, time);
        (await SaidAsync()).ShouldBe(["test_age_seconds 0", "test_end_timestamp_seconds 0", "test_left 0"]);
        readings.Put(first, new Reading(["red", "blue"]));
        readings.Put(second, new Reading(["red"]));
        (await SaidAsync()).ShouldContain("test_things{colour=\"red\"} 2");
        readings.Put(second, new Reading(["blue"]));
        readings.Forget(first);
        (await SaidAsync()).ShouldContain("test_things{colour=\"red\"} 0");
        (await SaidAsync()).ShouldContain("test_things{colour=\"blue\"} 1");
    }

    [Fact]
    public async Task Words_that_somebody_makes_up_share_one_series_at_last()
    {
        var readings = new Readings<Reading>(all, time);
        for (var word = 0; word < 300; word++)
        {
            readings.Put(first, new Reading([$"made up {word}", "red"]));
            await SaidAsync();
        }

        (await SaidAsync()).Count(line => line.StartsWith("test_things", StringComparison.Ordinal)).ShouldBe(201);
        (await SaidAsync()).ShouldContain("test_things{colour=\"red\"} 1");
        (await SaidAsync()).ShouldContain("test_things{colour=\"Other\"} 1");
    }

    [Fact]
    public void A_report_that_a_tenant_wrote_into_names_no_series()
    {
        var world = Worlds.Open with
        {
            Report = Fact.Seen<ReportFacts?>(new ReportFacts(time.GetUtcNow(), null, ["StoreMissing", "made up"])),
        };
        StoreReading.Of(world, new(), heldUp: null, steps: []).Deviations.ShouldBe(["StoreMissing"]);
    }

    [Fact]
    public async Task The_worst_the_first_and_the_sum_are_told_and_0_where_there_is_none()
    {
        var readings = new Readings<Reading>(all, time);
        readings.Put(first,
            new Reading([])
            {
                Since = time.GetUtcNow().AddSeconds(-10),
                Ends = DateTimeOffset.FromUnixTimeSeconds(5_000),
                Left = 3,
            });
        readings.Put(second,
            new Reading([])
            {
                Since = time.GetUtcNow().AddSeconds(-20),
                Ends = DateTimeOffset.FromUnixTimeSeconds(4_000),
                Left = 4,
            });
        (await SaidAsync()).ShouldBe(["test_age_seconds 20", "test_end_timestamp_seconds 4000", "test_left 7"]);
        time.Pass(TimeSpan.FromSeconds(5));
        (await SaidAsync()).ShouldContain("test_age_seconds 25");
        readings.Put(first, new Reading([]));
        readings.Put(second, new Reading([]));
        (await SaidAsync()).ShouldBe(["test_age_seconds 0", "test_end_timestamp_seconds 0", "test_left 0"]);
    }

    [Fact]
    public void A_closing_is_timed_once_from_when_it_was_known_and_copies_are_counted_as_they_grow()
    {
        using var measured =
            new Measurements("byok.closing.duration", "byok.move.objects", "byok.move.failed_attempts");
        var metrics = new StoreMetrics(time);
        var since = time.GetUtcNow().AddSeconds(-3);
        metrics.Put(first,
            new StoreReading(StoreVerdict.Closed) { ClosingSince = since, Progress = new() { ObjectsCopied = 7 } });
        measured.Taken().ShouldBeEmpty("it stood so when this process began");
        metrics.Put(first, new StoreReading(StoreVerdict.Open) { Progress = new() { ObjectsCopied = 9 } });
        metrics.Put(first,
            new StoreReading(StoreVerdict.Closing)
            {
                ClosingSince = since,
                FailedAttempts = 1,
                Progress = new() { ObjectsCopied = 9 },
            });
        metrics.Put(first,
            new StoreReading(StoreVerdict.Closed)
            {
                ClosingSince = since,
                FailedAttempts = 1,
                Progress = new() { ObjectsCopied = 4 },
            });
        metrics.Put(first,
            new StoreReading(StoreVerdict.Closed)
            {
                ClosingSince = since,
                FailedAttempts = 1,
                Progress = new() { ObjectsCopied = 5 },
            });
        measured.Taken()
            .ShouldBe(
                ["byok.move.objects 2", "byok.move.failed_attempts 1", "byok.closing.duration 3",
                    "byok.move.objects 1"]);
    }

    [Fact]
    public void A_move_that_is_through_before_the_first_reading_counts_and_what_an_earlier_process_copied_does_not()
    {
        using var measured = new Measurements("byok.move.objects", "byok.move.bytes");
        var metrics = new StoreMetrics(time);
        metrics.Meet(first, standing: null);
        metrics.Meet(second, new() { ObjectsCopied = 7, BytesCopied = 70 });
        metrics.Meet(second, new() { ObjectsCopied = 9, BytesCopied = 90 });
        metrics.Put(first, new StoreReading(StoreVerdict.Open) { Progress = new() { ObjectsCopied = 1 } });
        metrics.Put(second,
            new StoreReading(StoreVerdict.Open) { Progress = new() { ObjectsCopied = 9, BytesCopied = 90 } });
        metrics.Meet(second, standing: null);
        metrics.Put(second,
            new StoreReading(StoreVerdict.Open) { Progress = new() { ObjectsCopied = 9, BytesCopied = 90 } });
        measured.Taken().ShouldBe(["byok.move.objects 1", "byok.move.objects 2", "byok.move.bytes 20"]);
    }

    [Fact]
    public void Between_two_proofs_the_time_is_measured()
    {
        using var measured = new Measurements("byok.key.proof.interval");
        var metrics = new KeyMetrics(time);
        var proved = time.GetUtcNow();
        foreach (var at
            in (DateTimeOffset?[])[proved, proved, proved.AddSeconds(12), null, proved.AddSeconds(30),
                proved.AddSeconds(41)])
        {
            metrics.Put(first,
                new KeyReading("Usable", "Usable", at, at, TimeSpan.FromMinutes(15), MaterialEnds: null));
        }

        measured.Taken().ShouldBe(["byok.key.proof.interval 12", "byok.key.proof.interval 11"]);
    }

    private Task<string[]> SaidAsync() => scrape!.SeriesAsync("test_");

    private sealed record Reading(string[] Colours)
    {
        public DateTimeOffset? Since { get; init; }

        public DateTimeOffset? Ends { get; init; }

        public long Left { get; init; }
    }

    /// <summary>What this test's own thread measures: other tests of the process measure too.</summary>
    private sealed class Measurements : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly List<string> taken = [];
        private readonly int thread = Environment.CurrentManagedThreadId;

        public Measurements(params string[] instruments)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instruments.Contains(instrument.Name))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Take(instrument, value));
            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Take(instrument, value));
            listener.Start();
        }

        public string[] Taken() => [.. taken];

        public void Dispose() => listener.Dispose();

        private void Take(Instrument instrument, double value)
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                taken.Add(FormattableString.Invariant($"{instrument.Name} {value}"));
            }
        }
    }
}
