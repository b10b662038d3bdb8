using System.Diagnostics.Metrics;
using Kube.Core;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>How many objects stand that can't be read, by kind. Zero is said too:
/// an alert needs a line to compare with.</summary>
internal static class QuarantineMetrics
{
    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Gauge<int> held =
        meter.CreateGauge<int>("byok.quarantined_objects", description: "Objects that can't be read, by kind.");

    /// <param name="store">Before it runs.</param>
    public static Informer<T> Watch<T>(Informer<T> store)
        where T : class, IResource<T>
    {
        Count(store);
        store.SubscribeToQuarantine(_ => Count(store));
        return store;
    }

    private static void Count<T>(Informer<T> store)
        where T : class, IResource<T> =>
        held.Record(store.Quarantine.Count, new KeyValuePair<string, object?>("kind", T.Kind.Kind));
}
