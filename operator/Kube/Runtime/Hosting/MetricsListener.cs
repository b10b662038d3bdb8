using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Kube.Runtime.Hosting;

/// <summary>Collects what every meter of this process measures, and renders it in the Prometheus text format.</summary>
public sealed class MetricsListener : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> families = [];

    /// <param name="isWanted">Which meters count; left out: all but the framework's own chatter.</param>
    public MetricsListener(Func<Meter, bool>? isWanted = null)
    {
        var wanted = isWanted ?? IsOurs;
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (wanted(instrument.Meter))
            {
                self.EnableMeasurementEvents(instrument, families.GetOrAdd(instrument, MetricFamily.Of));
            }
        };
        listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Measure(family, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Measure(family, (double)value, tags));
        listener.Start();
    }

    public string Render()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            family.Render(text);
        }

        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private static void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Measure(value, tags);

    private static bool IsOurs(Meter meter) =>
        !meter.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
        && (meter.Name == "System.Runtime" || !meter.Name.StartsWith("System.", StringComparison.Ordinal));
}
