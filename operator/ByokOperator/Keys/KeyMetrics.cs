using System.Diagnostics.Metrics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>Keys by verdict, and how long ago what is not revoked was proved.</summary>
internal sealed class KeyMetrics(TimeProvider time)
{
    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Histogram<double> intervals = meter.CreateHistogram<double>(
        "byok.key.proof.interval", "s", "Between two proofs of a key, one after the other.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [1, 5, 10, 15, 30, 60, 120, 300, 900, 3600, 86400],
        });

    private static readonly ReadingsOf<KeyReading> all = Gauges();

    private readonly Readings<KeyReading> readings = new(all, time);

    public void Put(ObjectKey key, KeyReading reading)
    {
        if (readings.Put(key, reading) is { ProvedAt: { } earlier } && reading.ProvedAt is { } proved
            && proved > earlier)
        {
            intervals.Record((proved - earlier).TotalSeconds);
        }
    }

    public void Forget(ObjectKey key) => readings.Forget(key);

    private static ReadingsOf<KeyReading> Gauges()
    {
        var gauges = new ReadingsOf<KeyReading>(meter);
        gauges.Count("byok.keys", "Keys, by verdict and by its reason.", ["verdict", "reason"],
            one => [[one.Verdict, one.Reason]]);
        gauges.Worst(
            "byok.key.unproved", "s",
            "Since the last proof of the key that was not proved for longest, or since it is unknown; revoked ones "
                + "left out.",
            (one, now) => (now - one.Since)?.TotalSeconds);
        gauges.Worst(
            "byok.key.staleness.ratio", unit: null,
            "The same as a share of the key's maxStaleness, the worst of all keys: at 1 its stores are closed.",
            (one, now) => one.MaxStaleness > TimeSpan.Zero ? (now - one.Since) / one.MaxStaleness : null);
        gauges.Soonest("byok.material.first_expiry.timestamp",
            "When imported material goes by itself next, as Unix time; 0: none does.", one => one.MaterialEnds);
        return gauges;
    }
}
