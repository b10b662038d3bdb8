using System.Diagnostics.Metrics;
using ByokOperator.Hosting;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>How many stores are open, closing and closed, and what holds up how many closings. Alert on the second: it is never to be above 0.</summary>
internal sealed class StoreGauges
{
    private const string NoneYet = "None";

    private static readonly Meter meter = new(Telemetry.MeterName);

    private static readonly Gauge<int> stores = meter.CreateGauge<int>("byok.stores", description: "Stores, by availability.");

    private static readonly Gauge<int> held = meter.CreateGauge<int>(
        "byok.closings.held_up", description: "Stores that have to be closed and can't be, by reason.");

    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, (string Availability, string? HeldUp)> last = [];
    private readonly Dictionary<string, int> byAvailability = [];
    private readonly Dictionary<string, int> byReason = [];

    public void Put(ObjectKey store, string? availability, string? heldUp)
    {
        lock (gate)
        {
            Take_NeedsLock(store);
            last[store] = (availability ?? NoneYet, heldUp);
            Count_NeedsLock(stores, byAvailability, "availability", availability ?? NoneYet, 1);
            Count_NeedsLock(held, byReason, "reason", heldUp, 1);
        }
    }

    public void Forget(ObjectKey store)
    {
        lock (gate)
        {
            Take_NeedsLock(store);
        }
    }

    private void Take_NeedsLock(ObjectKey store)
    {
        if (last.Remove(store, out var before))
        {
            Count_NeedsLock(stores, byAvailability, "availability", before.Availability, -1);
            Count_NeedsLock(held, byReason, "reason", before.HeldUp, -1);
        }
    }

    private static void Count_NeedsLock(Gauge<int> gauge, Dictionary<string, int> counts, string label, string? value, int change)
    {
        if (value is not null)
        {
            gauge.Record(counts[value] = counts.GetValueOrDefault(value) + change, new KeyValuePair<string, object?>(label, value));
        }
    }
}
