using System.Collections.Frozen;

namespace Benchmarks;

/// <summary>Requests by kind between two moments.</summary>
internal sealed record Tally(long Writes, long Reads, long Leases, long Events, long Cloud)
{
    /// <summary>What the operator and the bare loop deal with; the API server's own business is left out.</summary>
    private static readonly FrozenSet<string> kinds = new[] { "tenantencryptionkeys", "encryptedstores", "secrets", "configmaps", "jobs" }.ToFrozenSet();

    public static async Task<Tally> NowAsync(Fleet fleet, CancellationToken cancellation)
    {
        var counts = await fleet.CountsAsync(cancellation);
        var ours = counts.Where(one => kinds.Contains(one.Resource)).ToList();
        var cloud = (await fleet.Cloud.CountsAsync(cancellation)).Where(one => !one.Key.StartsWith("kms-via-s3", StringComparison.Ordinal)).Sum(one => one.Value);
        return new Tally(
            ours.Where(one => !one.IsRead).Sum(one => one.Count),
            ours.Where(one => one.IsRead).Sum(one => one.Count),
            counts.Where(one => one.Resource == "leases" && !one.IsRead).Sum(one => one.Count),
            counts.Where(one => one.Resource == "events" && !one.IsRead).Sum(one => one.Count),
            cloud);
    }

    public static Tally operator -(Tally now, Tally then) =>
        new(now.Writes - then.Writes, now.Reads - then.Reads, now.Leases - then.Leases, now.Events - then.Events, now.Cloud - then.Cloud);
}
