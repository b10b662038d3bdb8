using Kube.Core;
using Kube.Runtime.Informers;

namespace Kube.Runtime.Controllers;

/// <summary>
/// Read your own writes: remembers which version of which object we wrote, so that a reconcile does not decide on a
/// store that has not heard of it yet. It only ever delays, and not for ever.
/// </summary>
public sealed class PendingWrites(TimeProvider time)
{
    /// <summary>How soon to look whether the store has caught up; a watch usually needs a few milliseconds.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(200);

    /// <summary>A watch that is that far behind has a problem of its own,
    /// and a selective one may never show the write.</summary>
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(10);

    private const int MostWrites = 10_000; // beyond this, writes nobody asked about since are forgotten

    private readonly Lock gate = new();
    private readonly Dictionary<(ResourceKind Kind, ObjectKey Key), (string Version, long At)> writes = [];
    private readonly Dictionary<(ResourceKind Kind, ObjectKey Key), Shown?> underWay = [];

    public void Wrote<T>(T written)
        where T : class, IResource<T>
    {
        if (written.Metadata.ResourceVersion is { } version)
        {
            lock (gate)
            {
                Prune_NeedsLock();
                writes[(T.Kind, written.Metadata.Key)] = (version, time.GetTimestamp());
            }
        }
    }

    /// <summary>
    /// Writes one object. What the watch shows of it meanwhile wakes nobody, for most often it is this very write,
    /// which a busy process may hear of before the answer.
    /// </summary>
    /// <returns>
    /// What stands now, and whether that is all that was shown. If not, somebody else wrote too and nobody was woken,
    /// so the writer has to look again; after an exception it does anyway.
    /// </returns>
    public async Task<(T Written, bool IsAlone)> WriteAsync<T>(ObjectKey key, Func<Task<T>> write)
        where T : class, IResource<T>
    {
        lock (gate)
        {
            underWay[(T.Kind, key)] = null;
        }

        Shown? shown = null;
        T written;
        try
        {
            written = await write();
            Wrote(written);
        }
        finally
        {
            lock (gate)
            {
                underWay.Remove((T.Kind, key), out shown);
            }
        }

        return (written, shown is null
            || shown == new Shown(written.Metadata.ResourceVersion, written.Metadata.ResourceVersion));
    }

    /// <summary>
    /// Whether the store shows just what we wrote last, or may do so:
    /// who wrote it knows it already and need not be woken.
    /// </summary>
    public bool IsEcho<T>(Change<T> change)
        where T : class, IResource<T>
    {
        if (change.New?.Metadata is not { } shown)
        {
            return false;
        }

        lock (gate)
        {
            if (underWay.TryGetValue((T.Kind, shown.Key), out var meanwhile))
            {
                underWay[(T.Kind, shown.Key)] =
                    new Shown(meanwhile is null ? shown.ResourceVersion : meanwhile.First, shown.ResourceVersion);
                return true;
            }

            return writes.TryGetValue((T.Kind, shown.Key), out var write) && write.Version == shown.ResourceVersion;
        }
    }

    /// <summary>
    /// Null when the store shows our last write of this object, or when there was none; else the outcome to return
    /// instead of deciding on what is stale.
    /// </summary>
    public Outcome? Behind<T>(Informer<T> store, ObjectKey key)
        where T : class, IResource<T>
    {
        lock (gate)
        {
            if (!writes.TryGetValue((T.Kind, key), out var write))
            {
                return null;
            }

            if (!store.HasReached(key, write.Version) && time.GetElapsedTime(write.At) < timeout)
            {
                return new Outcome.After(Recheck);
            }

            writes.Remove((T.Kind, key));
            return null;
        }
    }

    private void Prune_NeedsLock()
    {
        if (writes.Count < MostWrites)
        {
            return;
        }

        foreach (var old in writes.Where(write => time.GetElapsedTime(write.Value.At) >= timeout).ToList())
        {
            writes.Remove(old.Key);
        }
    }

    /// <summary>What the watch showed during a write. The first as well as the last:
    /// a stranger may have been just ahead of us.</summary>
    private sealed record Shown(string? First, string? Last);
}
