using System.Diagnostics.Metrics;

namespace Byok.Import.Serving;

/// <summary>What the import API measures. No label is a caller's word.</summary>
internal static class ImportMetrics
{
    private static readonly Meter meter = ImportMeter.Meter;

    private static readonly Histogram<double> calls = meter.CreateHistogram<double>(
        "byok.import_calls", "s", "Calls of the import API, by route, status and problem.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.02, 0.1, 0.5, 2, 10, 30] });

    private static readonly Counter<long> pairs = meter.CreateCounter<long>(
        "byok.import_key_pairs",
        description: "Key pairs asked for, by where they came from: the pool, made for the call, or none.");

    public static void Answered(AuditRecord call, TimeSpan took) => calls.Record(
        took.TotalSeconds, new("route", call.Route), new("status", call.Status),
        new("problem", call.Problem?.Slug ?? "none"));

    public static void Taken(string from) => pairs.Add(1, new KeyValuePair<string, object?>("from", from));
}
