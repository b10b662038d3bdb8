using Kube.Core;
using Kube.Runtime.Hosting;
using Kube.Runtime.Scheduling;

namespace Kube.Runtime.Controllers;

/// <summary>What a controller remembers between reconciles: failures in a row, agains in a row,
/// and who is at it since when.</summary>
internal sealed class Progress(ControllerOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Backoff<ObjectKey> backoff = new(options.Backoff, Random.Shared.NextDouble);
    private readonly Dictionary<ObjectKey, int> agains = [];
    private readonly Dictionary<long, (ObjectKey Key, long Since, DateTimeOffset Began)> running = [];
    private long lastId;

    public int FailingKeys
    {
        get
        {
            lock (gate)
            {
                return backoff.Failing;
            }
        }
    }

    public long Begin(ObjectKey key)
    {
        lock (gate)
        {
            running[++lastId] = (key, time.GetTimestamp(), time.GetUtcNow());
            Tell_NeedsLock();
            return lastId;
        }
    }

    public void End(long id)
    {
        lock (gate)
        {
            running.Remove(id);
            Tell_NeedsLock();
        }
    }

    public TimeSpan Failed(ObjectKey key)
    {
        lock (gate)
        {
            agains.Remove(key);
            return backoff.Fail(key);
        }
    }

    /// <summary>How often in a row the key asked for Again, this time included.</summary>
    public int Succeeded(ObjectKey key, bool wantsAgain)
    {
        lock (gate)
        {
            backoff.Reset(key);
            if (!wantsAgain)
            {
                agains.Remove(key);
                return 0;
            }

            return agains[key] = agains.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>A key that has been worked on for longer than this; null when there is none.</summary>
    public ObjectKey? Stuck(TimeSpan limit)
    {
        lock (gate)
        {
            foreach (var (key, since, _) in running.Values)
            {
                if (time.GetElapsedTime(since) > limit)
                {
                    return key;
                }
            }

            return null;
        }
    }

    /// <summary>Ids grow, and there are no more of them than workers.</summary>
    private void Tell_NeedsLock() =>
        RuntimeMetrics.UnderWay(options.Name, running.Count == 0 ? null : running.MinBy(one => one.Key).Value.Began);
}
