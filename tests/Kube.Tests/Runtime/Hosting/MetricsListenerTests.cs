using System.Diagnostics.Metrics;
using Kube.Runtime.Hosting;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

public sealed class MetricsListenerTests : IDisposable
{
    private readonly Meter meter = new("tests.metrics");
    private readonly MetricsListener listener;

    public MetricsListenerTests() => listener = new MetricsListener(published => ReferenceEquals(published, meter));

    [Fact]
    public void A_counter_adds_up_by_its_labels()
    {
        var counter = meter.CreateCounter<long>("a.thing", description: "How many.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "x"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "x"));
        counter.Add(1, new("code", 200), new("kind", "y"));
        Rendered().ShouldBe("""
            # HELP a_thing_total How many.
            # TYPE a_thing_total counter
            a_thing_total{kind="x"} 5
            a_thing_total{code="200",kind="y"} 1

            """);
    }

    [Fact]
    public void The_order_in_which_labels_are_given_does_not_matter()
    {
        var counter = meter.CreateCounter<int>("a");
        counter.Add(1, new("x", 1), new("y", 2));
        counter.Add(1, new("y", 2), new("x", 1));
        Rendered().ShouldContain("a_total{x=\"1\",y=\"2\"} 2\n");
    }

    [Fact]
    public void A_histogram_counts_upwards_and_ends_in_infinity()
    {
        var histogram = meter.CreateHistogram("took", "s", "Time.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.05);
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(7);
        Rendered().ShouldBe("""
            # HELP took_seconds Time.
            # TYPE took_seconds histogram
            took_seconds_bucket{le="0.1"} 2
            took_seconds_bucket{le="1"} 3
            took_seconds_bucket{le="+Inf"} 4
            took_seconds_sum 7.65
            took_seconds_count 4

            """);
    }

    [Fact]
    public void Gauges_show_the_last_value_and_observed_ones_are_asked()
    {
        var gauge = meter.CreateGauge<int>("now");
        gauge.Record(5);
        gauge.Record(2);
        var asked = 0;
        meter.CreateObservableGauge("seen", () => ++asked);
        meter.CreateObservableCounter("whole", () => 40L);
        var upDown = meter.CreateUpDownCounter<int>("held");
        upDown.Add(3);
        upDown.Add(-1);
        Rendered();
        var text = Rendered();
        text.ShouldContain("# TYPE now gauge\nnow 2\n");
        text.ShouldContain("seen 2\n");
        text.ShouldContain("# TYPE whole counter\nwhole 40\n");
        text.ShouldContain("# TYPE held gauge\nheld 2\n");
    }

    [Fact]
    public void What_would_break_the_format_is_escaped()
    {
        meter.CreateCounter<int>("odd-name.x", description: "a \\ b\nc").Add(1, new KeyValuePair<string, object?>("the key", "say \"hi\"\n\\"));
        var text = Rendered();
        text.ShouldContain("# HELP odd_name_x_total a \\\\ b\\nc\n");
        text.ShouldContain("odd_name_x_total{the_key=\"say \\\"hi\\\"\\n\\\\\"} 1\n");
    }

    [Fact]
    public void Labels_without_end_do_not_cost_memory_without_end()
    {
        var counter = meter.CreateCounter<int>("wild");
        for (var i = 0; i < 5000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var lines = Rendered().Split('\n').Where(line => line.StartsWith("wild_total", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(MetricFamily.MostSeries + 1);
        lines[^1].ShouldBe("wild_total{otel_metric_overflow=\"true\"} 4000");
    }

    [Fact]
    public void Other_meters_are_not_heard()
    {
        using var other = new Meter("tests.other");
        other.CreateCounter<int>("foreign").Add(1);
        Rendered().ShouldBe("");
    }

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    private string Rendered() => listener.Render().ReplaceLineEndings("\n");
}
