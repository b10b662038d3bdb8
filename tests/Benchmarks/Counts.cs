using System.Collections.Frozen;

namespace Benchmarks;

/// <summary>Requests by name between two moments: <c>PATCH secrets</c> of the API server,
/// <c>s3:PutObject</c> of the cloud.</summary>
internal sealed record Counts(IReadOnlyDictionary<string, long> Cluster, IReadOnlyDictionary<string, long> Clouds)
{
    /// <summary>What the operator and the bare loop deal with; the API server's own business is left out.</summary>
    private static readonly FrozenSet<string> kinds =
        new[] { "tenantencryptionkeys", "encryptedstores", "secrets", "configmaps", "jobs" }.ToFrozenSet();

    public long Writes => Count(kind => kinds.Contains(kind), isRead: false);

    public long Reads => Count(kind => kinds.Contains(kind), isRead: true);

    public long Leases => Count(kind => kind == "leases", isRead: false);

    public long Events => Count(kind => kind == "events", isRead: false);

    public long Cloud => Clouds.Values.Sum();

    /// <summary>Everything that was asked for, by name, without what is the API server's own.</summary>
    public IEnumerable<KeyValuePair<string, long>> All =>
        Cluster.Where(one => kinds.Contains(KindOf(one.Key))).Concat(Clouds).Where(one => one.Value > 0);

    public static async Task<Counts> NowAsync(Fleet fleet, CancellationToken cancellation) => new(
        (await fleet.CountsAsync(cancellation)).GroupBy(one => $"{one.Verb} {one.Resource}")
            .ToDictionary(group => group.Key, group => group.Sum(one => one.Count)),
        (await fleet.Cloud.CountsAsync(cancellation))
            .Where(one => !one.Key.StartsWith("kms-via-s3", StringComparison.Ordinal)).ToDictionary());

    public static Counts operator -(Counts now, Counts then) =>
        new(Less(now.Cluster, then.Cluster), Less(now.Clouds, then.Clouds));

    /// <summary>Without so many lists of stores, which were ours.</summary>
    public Counts Without(int lists) =>
        this with
        {
            Cluster = Cluster.ToDictionary(one => one.Key,
                one => one.Key == "LIST encryptedstores" ? one.Value - lists : one.Value),
        };

    private static string KindOf(string request) =>
        request[(request.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split('/')[0];

    private static Dictionary<string, long> Less(
        IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long> then) =>
        now.ToDictionary(one => one.Key, one => one.Value - then.GetValueOrDefault(one.Key));

    private long Count(Func<string, bool> isKind, bool isRead) => Cluster
        .Where(one => isKind(KindOf(one.Key)) && RequestCount.IsRead(one.Key) == isRead)
        .Sum(one => one.Value);
}
