using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kube.Core;

namespace ByokOperator.Cluster;

/// <summary>
/// What the last reconcile of each object found, for gauges that are computed when somebody asks. No label holds an
/// object's name: values are counted or summed, or the worst is told.
/// </summary>
/// <typeparam name="T">One object's.</typeparam>
internal sealed class Readings<T>
    where T : class
{
    private readonly ConcurrentDictionary<ObjectKey, T> known = new();
    private readonly TimeProvider time;

    public Readings(ReadingsOf<T> all, TimeProvider time)
    {
        this.time = time;
        all.Add(this);
    }

    public DateTimeOffset Now => time.GetUtcNow();

    public IEnumerable<T> Values => known.Values;

    /// <summary>Gives what was known before; null where nothing was.</summary>
    public T? Put(ObjectKey key, T reading)
    {
        var before = known.GetValueOrDefault(key);
        known[key] = reading;
        return before;
    }

    public bool Knows(ObjectKey key) => known.ContainsKey(key);

    public T? Find(ObjectKey key) => known.GetValueOrDefault(key);

    public void Forget(ObjectKey key) => known.TryRemove(key, out _);
}

/// <summary>All readings of this process; those of a host that ended count for nothing.</summary>
internal sealed class ReadingsOf<T>(Meter meter)
    where T : class
{
    /// <summary>Of one gauge. Reasons come from clouds' answers too,
    /// and a cloud that makes up words must not cost memory without end.</summary>
    private const int MostGroups = 200;

    private const string Other = "Other";

    private readonly Lock gate = new();
    private readonly List<WeakReference<Readings<T>>> hosts = [];

    public void Add(Readings<T> one)
    {
        lock (gate)
        {
            hosts.RemoveAll(host => !host.TryGetTarget(out _));
            hosts.Add(new(one));
        }
    }

    /// <summary>How many there are of each; what there were and are no more is 0.</summary>
    public void Count(string name, string description, string[] labels, Func<T, IEnumerable<string[]>> groupsOf)
    {
        var seen = new Dictionary<string, string[]>(StringComparer.Ordinal);
        meter.CreateObservableGauge(name, Counted, description: description);

        IEnumerable<Measurement<int>> Counted()
        {
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            lock (seen)
            {
                foreach (var group in All().SelectMany(one => groupsOf(one.Reading)))
                {
                    var key = string.Join('\n', group);
                    if (!seen.ContainsKey(key))
                    {
                        var told = seen.Count < MostGroups ? group : [.. labels.Select(_ => Other)];
                        seen[key = string.Join('\n', told)] = told;
                    }

                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }

                return
                [
                    .. seen.Select(group =>
                        new Measurement<int>(counts.GetValueOrDefault(group.Key), Tags(labels, group.Value))),
                ];
            }
        }
    }

    /// <summary>The largest; 0 where no object has one.</summary>
    public void Worst(string name, string? unit, string description, Func<T, DateTimeOffset, double?> valueOf) =>
        meter.CreateObservableGauge(name, () => All().Max(one => valueOf(one.Reading, one.Now)) ?? 0, unit,
            description);

    /// <summary>The earliest, as Unix time in seconds; 0 where no object has one.</summary>
    public void Soonest(string name, string description, Func<T, DateTimeOffset?> timeOf) =>
        meter.CreateObservableGauge(name,
            () => All().Min(one => timeOf(one.Reading))?.ToUnixTimeMilliseconds() / 1000.0 ?? 0, "s", description);

    public void Sum(string name, string? unit, string description, Func<T, long> valueOf) =>
        meter.CreateObservableGauge(name, () => All().Sum(one => valueOf(one.Reading)), unit, description);

    private IEnumerable<(T Reading, DateTimeOffset Now)> All()
    {
        List<Readings<T>> living = [];
        lock (gate)
        {
            foreach (var host in hosts)
            {
                if (host.TryGetTarget(out var one))
                {
                    living.Add(one);
                }
            }
        }

        return living.SelectMany(one => one.Values.Select(reading => (reading, one.Now)));
    }

    private static KeyValuePair<string, object?>[] Tags(string[] labels, string[] values) =>
        [.. labels.Zip(values, (label, value) => new KeyValuePair<string, object?>(label, value))];
}
