using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>What meters of this process measure, kept once for <c>/metrics</c>
/// and for the exporters of its host.</summary>
internal static class MetricsPipeline
{
    /// <summary>Of one metric: more is a label that should not be one, and must not cost memory without end.</summary>
    public const int MostSeries = 1000;

    private const string DotNet = "System.Runtime";

    public static MeterProvider Start(OperatorEndpoints endpoints)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter([RuntimeMetrics.MeterName, DotNet, .. endpoints.Meters])
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MostSeries })
            .AddPrometheusExporter(Stable);
        endpoints.Export?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The same names and labels whatever a scraper asks for, and as it is at that moment.</summary>
    private static void Stable(PrometheusAspNetCoreOptions exporter)
    {
        exporter.TranslationStrategy = PrometheusAspNetCoreTranslationStrategy.UnderscoreEscapingWithSuffixes;
        exporter.ScopeInfoEnabled = false;
        exporter.TargetInfoEnabled = false;
        exporter.ScrapeResponseCacheDurationMilliseconds = 0;
    }
}
