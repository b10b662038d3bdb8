using Cloud.Calling;
using Kube.Runtime.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ByokOperator.Hosting;

/// <summary>
/// Exports what the process measures by OTLP, where OpenTelemetry's own environment variables say. <c>/metrics</c> is
/// served whether they do or not.
/// </summary>
internal static class Telemetry
{
    /// <summary>Of every meter of the operator's own.</summary>
    public const string MeterName = "ByokOperator";

    private const string SharedEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    /// <summary>Null where no endpoint is named or the SDK is switched off. Disposing sends what is left.</summary>
    public static IDisposable? Start(Func<string, string?> environment) => IsWanted(environment)
        ? Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource(environment))
            .AddMeter(RuntimeMetrics.MeterName, MeterName, CallMetrics.MeterName, "System.Runtime")
            .AddOtlpExporter()
            .Build()
        : null;

    public static bool IsWanted(Func<string, string?> environment) =>
        environment("OTEL_SDK_DISABLED") is not "true"
        && environment("OTEL_METRICS_EXPORTER") is not "none"
        && ((string[])[SharedEndpoint, MetricsEndpoint]).Any(name => !string.IsNullOrEmpty(environment(name)));

    // A name that the environment gives is right; the builder's default would call us unknown_service.
    private static ResourceBuilder Resource(Func<string, string?> environment)
    {
        var isNamed = !string.IsNullOrEmpty(environment("OTEL_SERVICE_NAME"))
            || environment("OTEL_RESOURCE_ATTRIBUTES")?.Contains("service.name=", StringComparison.Ordinal) == true;
        var builder = ResourceBuilder.CreateDefault();
        return isNamed ? builder : builder.AddService("byok-operator", serviceVersion: OperatorVersion.Current);
    }
}
