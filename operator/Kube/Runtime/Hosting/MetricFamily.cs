using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Kube.Runtime.Hosting;

/// <summary>One instrument's series, as Prometheus has them. Bounded: labels beyond the limit share one series.</summary>
internal sealed class MetricFamily
{
    /// <summary>Series per family: more is a label that should not be one, and must not cost memory without end.</summary>
    public const int MostSeries = 1000;

    private const string Overflow = "{otel_metric_overflow=\"true\"}";
    private static readonly double[] defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Lock gate = new();
    private readonly Dictionary<string, MetricSeries> series = [];
    private readonly MetricType type;
    private readonly string help;
    private readonly double[] bounds;

    private MetricFamily(string name, MetricType type, string help, double[] bounds)
    {
        Name = name;
        this.type = type;
        this.help = help;
        this.bounds = bounds;
    }

    public string Name { get; }

    public static MetricFamily Of(Instrument instrument)
    {
        var type = TypeOf(instrument);
        return new MetricFamily(
            PrometheusText.Name(instrument.Name, instrument.Unit, type == MetricType.Counter),
            type,
            instrument.Description ?? "",
            type == MetricType.Histogram ? BoundsOf(instrument) : []);
    }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        lock (gate)
        {
            if (!series.TryGetValue(labels, out var one))
            {
                labels = series.Count < MostSeries ? labels : Overflow;
                if (!series.TryGetValue(labels, out one))
                {
                    series[labels] = one = new MetricSeries(bounds);
                }
            }

            one.Measure(value, type);
        }
    }

    public void Render(StringBuilder text)
    {
        lock (gate)
        {
            if (series.Count == 0)
            {
                return;
            }

            text.Append("# HELP ").Append(Name).Append(' ').Append(PrometheusText.Help(help)).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(NameOf(type)).Append('\n');
            foreach (var (labels, one) in series)
            {
                one.Render(text, Name, labels, type);
            }
        }
    }

    /// <summary>Observable counters report totals, plain ones report steps.</summary>
    private static MetricType TypeOf(Instrument instrument)
    {
        var kind = instrument.GetType();
        var generic = kind.IsGenericType ? kind.GetGenericTypeDefinition() : kind;
        return generic switch
        {
            _ when generic == typeof(Counter<>) => MetricType.Counter,
            _ when generic == typeof(ObservableCounter<>) => MetricType.Total,
            _ when generic == typeof(UpDownCounter<>) => MetricType.UpDown,
            _ when generic == typeof(Histogram<>) => MetricType.Histogram,
            _ => MetricType.Gauge,
        };
    }

    private static double[] BoundsOf(Instrument instrument) =>
        (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { Count: > 0 } advised ? [.. advised] : defaultBounds;

    private static string NameOf(MetricType type) => type switch
    {
        MetricType.Counter or MetricType.Total => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };
}
