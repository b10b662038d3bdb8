namespace Benchmarks;

/// <summary>Requests by kind between two moments.</summary>
internal sealed record Tally(long Writes, long Reads, long Leases, long Events, long Cloud)
{
    public static async Task<Tally> NowAsync(Fleet fleet, CancellationToken cancellation)
    {
        var (writes, reads, leases, events) = (0L, 0L, 0L, 0L);
        foreach (var (request, count) in fleet.Counts())
        {
            var isRead = request.StartsWith("GET ", StringComparison.Ordinal) || request.StartsWith("WATCH ", StringComparison.Ordinal);
            leases += request.EndsWith(" leases", StringComparison.Ordinal) && !isRead ? count : 0;
            events += request.EndsWith(" events", StringComparison.Ordinal) && !isRead ? count : 0;
            var isAside = request.EndsWith(" leases", StringComparison.Ordinal) || request.EndsWith(" events", StringComparison.Ordinal);
            writes += isRead || isAside ? 0 : count;
            reads += isRead && !isAside ? count : 0;
        }

        var cloud = (await fleet.Cloud.CountsAsync(cancellation)).Where(one => !one.Key.StartsWith("kms-via-s3", StringComparison.Ordinal)).Sum(one => one.Value);
        return new Tally(writes, reads, leases, events, cloud);
    }

    public static Tally operator -(Tally now, Tally then) =>
        new(now.Writes - then.Writes, now.Reads - then.Reads, now.Leases - then.Leases, now.Events - then.Events, now.Cloud - then.Cloud);
}
