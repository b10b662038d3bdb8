using Cloud.Calling;
using Kube.Runtime.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ByokOperator.Hosting;

/// <summary>
/// Exports by OTLP what the process measures, and a trace of each reconcile, where OpenTelemetry's own environment
/// variables say. <c>/metrics</c> is served whether they do or not.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>Of every meter of the operator's own.</summary>
    public const string MeterName = "ByokOperator";

    private readonly MeterProvider? metrics;
    private readonly TracerProvider? traces;

    private Telemetry(Func<string, string?> environment)
    {
        var resource = Resource(environment);
        metrics = !IsWanted(environment, "METRICS") ? null : Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(RuntimeMetrics.MeterName, MeterName, CallMetrics.MeterName, "System.Runtime")
            .AddOtlpExporter()
            .Build();

        // The SDKs' own sources are left out: nobody here answers for what they write into a span.
        traces = !IsWanted(environment, "TRACES") ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(RuntimeTraces.SourceName, CallTraces.SourceName)
            .AddOtlpExporter()
            .Build();
    }

    public static Telemetry Start(Func<string, string?> environment) => new(environment);

    /// <param name="environment">Null or empty for a variable that is not set.</param>
    /// <param name="signal"><c>METRICS</c> or <c>TRACES</c>, as the variables call it.</param>
    public static bool IsWanted(Func<string, string?> environment, string signal) =>
        environment("OTEL_SDK_DISABLED") is not "true"
        && environment($"OTEL_{signal}_EXPORTER") is not "none"
        && ((string[])["OTEL_EXPORTER_OTLP_ENDPOINT", $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"])
            .Any(name => !string.IsNullOrEmpty(environment(name)));

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    // A name that the environment gives is right; the builder's default would call us unknown_service.
    private static ResourceBuilder Resource(Func<string, string?> environment)
    {
        var isNamed = !string.IsNullOrEmpty(environment("OTEL_SERVICE_NAME"))
            || environment("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) == true;
        var builder = ResourceBuilder.CreateDefault();
        return isNamed ? builder : builder.AddService("byok-operator", serviceVersion: OperatorVersion.Current);
    }
}
