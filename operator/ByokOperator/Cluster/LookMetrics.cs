using System.Diagnostics.Metrics;

namespace ByokOperator.Cluster;

/// <summary>Looks that failed: one fact of a look, or the whole look at a key, a store or a tenant,
/// by reason.</summary>
internal static class LookMetrics
{
    public const string OfFact = "fact";
    public const string OfKey = "key";
    public const string OfStore = "store";
    public const string OfTenant = "tenant";

    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Counter<long> failed = meter.CreateCounter<long>(
        "byok.failed_looks", description: "Looks that failed, by what was looked at and the reason.");

    public static void Failed(string kind, string reason) => failed.Add(1, new("kind", kind), new("reason", reason));
}
