using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LocalCloud.Aws;

namespace LocalCloud.Admin;

/// <summary>Counts of all calls, and the last of them in full.</summary>
internal sealed class CallLog(int capacity, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Service, string Operation, string Principal),
        StrongBox<long>> counts = new();
    private readonly CallRecord?[] ring = new CallRecord?[capacity];
    private long next;

    public void Add(AwsCall call, int status) =>
        Add(
            new CallRecord(clock.GetUtcNow(), call.Service, call.Operation, call.Caller?.PrincipalArn ?? "",
                call.Claim?.AccessKey ?? "")
            {
                Region = call.Claim?.Region,
                Bucket = call.Bucket,
                Key = call.Key,
                Status = status,
                ErrorCode = call.ErrorCode,
                RequestId = call.RequestId,
            });

    public void Add(CallRecord record)
    {
        AddInner(record.Service, record.Operation, record.Principal);
        if (ring.Length > 0)
        {
            ring[(Interlocked.Increment(ref next) - 1) % ring.Length] = record;
        }
    }

    /// <summary>Counts without keeping: calls that one service makes of another.</summary>
    public void AddInner(string service, string operation, string principal)
    {
        var count = counts.GetOrAdd((service, operation, principal), static _ => new StrongBox<long>());
        Interlocked.Increment(ref count.Value);
    }

    public long Count(string? service, string? operation, string? principalArn) =>
        counts.Where(one => (service is null || one.Key.Service == service)
            && (operation is null || one.Key.Operation == operation)
            && (principalArn is null || one.Key.Principal == principalArn))
                .Sum(one => Interlocked.Read(ref one.Value.Value));

    public IReadOnlyDictionary<string, long> ByOperation() =>
        counts.GroupBy(one => $"{one.Key.Service}:{one.Key.Operation}", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(one => Interlocked.Read(ref one.Value.Value)),
                StringComparer.Ordinal);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CallRecord> Recent()
    {
        var end = Interlocked.Read(ref next);
        var found = new List<CallRecord>();
        for (var at = Math.Max(0, end - ring.Length); at < end; at++)
        {
            if (ring[at % ring.Length] is { } record)
            {
                found.Add(record);
            }
        }

        return found;
    }

    public void Reset()
    {
        counts.Clear();
        Array.Clear(ring);
        Interlocked.Exchange(ref next, 0);
    }
}
