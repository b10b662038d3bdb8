using Byok.Import;
using ByokOperator.Cluster;
using Cloud.Calling;
using Kube.Runtime.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ByokOperator.Hosting;

/// <summary>
/// Exports by OTLP what the process measures, and a trace of each reconcile, where OpenTelemetry's own environment
/// variables say. <c>/metrics</c> is served whether they name an endpoint or not.
/// </summary>
internal static class Telemetry
{
    public static IReadOnlyList<string> Meters { get; } = [OperatorMeter.Name, CallMetrics.MeterName, ImportMeter.Name];

    /// <summary>Adds the exporter of metrics; null where none is wanted.</summary>
    public static Action<MeterProviderBuilder>? Export(Func<string, string?> environment) =>
        IsWanted(environment, "METRICS")
            ? builder => builder.SetResourceBuilder(Resource(environment)).AddOtlpExporter()
            : null;

    /// <summary>
    /// Null where none are wanted. Disposing sends what is left. The SDKs' own sources are left out: nobody here
    /// answers for what they write into a span.
    /// </summary>
    public static TracerProvider? Traces(Func<string, string?> environment) => IsWanted(environment, "TRACES")
        ? Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource(environment))
            .AddSource(RuntimeTraces.SourceName, CallTraces.SourceName)
            .AddOtlpExporter()
            .Build()
        : null;

    /// <param name="environment">Null or empty for a variable that is not set.</param>
    /// <param name="signal"><c>METRICS</c> or <c>TRACES</c>, as the variables call it.</param>
    public static bool IsWanted(Func<string, string?> environment, string signal) =>
        environment("OTEL_SDK_DISABLED") is not "true"
        && environment($"OTEL_{signal}_EXPORTER") is not "none"
        && ((string[])["OTEL_EXPORTER_OTLP_ENDPOINT", $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"])
            .Any(name => !string.IsNullOrEmpty(environment(name)));

    // A name that the environment gives is right; the builder's default would call us unknown_service.
    private static ResourceBuilder Resource(Func<string, string?> environment)
    {
        var isNamed = !string.IsNullOrEmpty(environment("OTEL_SERVICE_NAME"))
            || environment("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) == true;
        var builder = ResourceBuilder.CreateDefault();
        return isNamed ? builder : builder.AddService("byok-operator", serviceVersion: OperatorVersion.Current);
    }
}
