using System.Diagnostics.Metrics;
using Kube.Runtime.Hosting;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>What rules, dashboards and people rely on, whichever library writes it.</summary>
public sealed class MetricsPipelineTests : IAsyncLifetime
{
    private readonly Meter meter = new($"tests.{Guid.NewGuid():N}");
    private Scrape? scrape;

    public async ValueTask InitializeAsync() => scrape = await Scrape.StartAsync(meter.Name);

    [Fact]
    public async Task A_counter_adds_up_by_its_labels()
    {
        var counter = meter.CreateCounter<long>("a.thing", description: "How many.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "x"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "x"));
        counter.Add(1, new("code", 200), new("kind", "y"));
        counter.Add(1, new("kind", "y"), new("code", 200));
        (await TextAsync()).ShouldContain("# TYPE a_thing_total counter\n# HELP a_thing_total How many.\n");
        var series = await scrape!.SeriesAsync("a_thing_total");
        series.ShouldContain("a_thing_total{kind=\"x\"} 5");
        series.Single(line =>
            line.Contains("code=\"200\"", StringComparison.Ordinal)
                && line.Contains("kind=\"y\"", StringComparison.Ordinal)).ShouldEndWith(" 2");
    }

    [Theory]
    [InlineData("took", "s", "took_seconds")]
    [InlineData("sent.bytes", "By", "sent_bytes")]
    [InlineData("waited.seconds", "s", "waited_seconds")]
    [InlineData("one.two-three", null, "one_two_three")]
    public async Task A_name_is_the_instruments_with_its_unit(string instrument, string? unit, string told)
    {
        meter.CreateGauge<int>(instrument, unit).Record(1);
        (await scrape!.SeriesAsync(told)).ShouldBe([$"{told} 1"]);
    }

    [Fact]
    public async Task A_histogram_has_the_buckets_it_asked_for_counts_upwards_and_ends_in_infinity()
    {
        var histogram = meter.CreateHistogram("took", "s", "Time.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        ((double[])[0.05, 0.1, 0.5, 7]).ToList().ForEach(value => histogram.Record(value));
        var text = await TextAsync();
        foreach (var line
            in (string[])["_bucket{le=\"0.1\"} 2", "_bucket{le=\"1\"} 3", "_bucket{le=\"+Inf\"} 4", "_sum 7.65",
                "_count 4"])
        {
            text.ShouldContain($"took_seconds{line}\n");
        }
    }

    [Fact]
    public async Task Gauges_show_the_last_value_and_observed_ones_are_asked_at_each_scrape()
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
        await TextAsync();
        var text = await TextAsync();
        text.ShouldContain("# TYPE now gauge\nnow 2\n");
        text.ShouldContain("seen 2\n");
        text.ShouldContain("whole_total 40\n");
        text.ShouldContain("# TYPE held gauge\nheld 2\n");
    }

    [Fact]
    public async Task What_would_break_the_format_is_escaped()
    {
        meter.CreateCounter<int>("odd-name.x", description: "a \\ b\nc")
            .Add(1, new KeyValuePair<string, object?>("the key", "say \"hi\"\n\\"));
        var text = await TextAsync();
        text.ShouldContain("# HELP odd_name_x_total a \\\\ b\\nc\n");
        text.ShouldContain("odd_name_x_total{the_key=\"say \\\"hi\\\"\\n\\\\\"} 1\n");
    }

    [Fact]
    public async Task Labels_without_end_do_not_cost_memory_without_end()
    {
        var counter = meter.CreateCounter<int>("wild");
        for (var i = 0; i < 5000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var lines = await scrape!.SeriesAsync("wild_total");
        lines.Length.ShouldBeLessThanOrEqualTo(MetricsPipeline.MostSeries + 2);
        lines.ShouldContain(line =>
            line.StartsWith("wild_total{otel_metric_overflow=\"true\"} ", StringComparison.Ordinal));
        lines.Sum(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(5000);
    }

    [Fact]
    public async Task Other_meters_are_not_heard()
    {
        using var other = new Meter("tests.other");
        other.CreateCounter<int>("foreign").Add(1);
        (await TextAsync()).ShouldNotContain("foreign");
    }

    /// <summary>Prometheus 3 offers names as they are in the code; rules and dashboards know the others.</summary>
    [Theory]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.1")]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8")]
    public async Task Names_and_labels_are_the_same_whatever_form_a_scraper_asks_for(string accept)
    {
        meter.CreateCounter<int>("dotted.name", "s").Add(1, new KeyValuePair<string, object?>("the.label", "x"));
        var text = await scrape!.TextAsync(accept);
        text.ShouldContain("\ndotted_name_seconds_total{the_label=\"x\"} 1");
        text.ShouldNotContain("otel_scope");
        text.ShouldNotContain("target_info");
    }

    public async ValueTask DisposeAsync()
    {
        await scrape!.DisposeAsync();
        meter.Dispose();
    }

    private Task<string> TextAsync() => scrape!.TextAsync();
}
