using System.Text;

namespace Kube.Runtime.Hosting;

/// <summary>The measurements under one set of labels. Not thread-safe: its family locks.</summary>
internal sealed class MetricSeries(double[] bounds)
{
    private readonly long[] buckets = new long[bounds.Length];
    private long count;
    private double value; // the sum, the total or the last one

    public void Measure(double measured, MetricType type)
    {
        count++;
        if (type is MetricType.Gauge or MetricType.Total)
        {
            value = measured;
            return;
        }

        value += measured;
        var bucket = Array.FindIndex(bounds, bound => measured <= bound);
        if (bucket >= 0)
        {
            buckets[bucket]++;
        }
    }

    public void Render(StringBuilder text, string name, string labels, MetricType type)
    {
        if (type != MetricType.Histogram)
        {
            PrometheusText.Line(text, name, labels, value);
            return;
        }

        long below = 0;
        for (var index = 0; index < bounds.Length; index++)
        {
            below += buckets[index];
            PrometheusText.Line(text, name + "_bucket", PrometheusText.WithBound(labels, bounds[index]), below);
        }

        PrometheusText.Line(text, name + "_bucket", PrometheusText.WithBound(labels, double.PositiveInfinity), count);
        PrometheusText.Line(text, name + "_sum", labels, value);
        PrometheusText.Line(text, name + "_count", labels, count);
    }
}
