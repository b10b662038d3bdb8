using System.Diagnostics.Metrics;

namespace Cloud.Calling;

/// <summary>What calls of the clouds cost, on the meter <see cref="MeterName"/>. No label names a store,
/// a key or a vault.</summary>
public static class CallMetrics
{
    public const string MeterName = "Cloud";

    private const string Ok = "OK";

    private static readonly Meter meter = new(MeterName);

    private static readonly Histogram<double> calls = meter.CreateHistogram<double>(
        "byok.cloud.calls", "s", "Attempts of calls of the clouds, by service, operation, region and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.2, 1, 5, 15, 60, 600] });

    private static readonly Histogram<double> waits = meter.CreateHistogram<double>(
        "byok.cloud.limiter_waits", "s",
        "How long calls waited for a limiter of ours, where they waited at all, by service and region.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 15, 30] });

    /// <param name="operation">Service and call, such as <c>kms:Decrypt</c>.</param>
    /// <param name="region">Empty where the call's address names none.</param>
    /// <param name="problem">Null: it was answered.</param>
    /// <param name="took">From when the limiter let it through.</param>
    internal static void Called(string operation, string region, CloudProblem? problem, TimeSpan took)
    {
        if (calls.Enabled)
        {
            var (service, call) = Apart(operation);
            calls.Record(took.TotalSeconds, new("service", service), new("operation", call), new("region", region),
                new("outcome", problem?.GetType().Name ?? Ok));
        }
    }

    internal static void Waited(string operation, string region, TimeSpan wait) =>
        waits.Record(wait.TotalSeconds, new("service", Apart(operation).Service), new("region", region));

    private static (string Service, string Call) Apart(string operation) =>
        operation.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? (operation[..at], operation[(at + 1)..])
            : ("", operation);
}
