using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>
/// Since when nobody could look at a store: as our record says, so that a restart starts no clock anew; where none
/// can be read, since this process's first look in vain. What this process saw since then counts more than the record.
/// </summary>
internal sealed class UnseenClock(ClusterView cluster)
{
    private readonly SinceTimes times = new();
    private readonly ConcurrentDictionary<ObjectKey, string> seen = new();

    /// <summary>As the last look left it; null where that saw the store, and where there was none.</summary>
    public DateTimeOffset? Find(EncryptedStore store) => times.Find(cluster.Inventory.AddressOf(store), UidOf(store));

    /// <param name="store">Which.</param>
    /// <param name="isUnseen">It was put somewhere, and this look did not see it.</param>
    /// <param name="now">When the look began.</param>
    /// <returns>Null where it is seen.</returns>
    public DateTimeOffset? Note(EncryptedStore store, bool isUnseen, DateTimeOffset now)
    {
        var (address, uid) = (cluster.Inventory.AddressOf(store), UidOf(store));
        if (!isUnseen)
        {
            seen[address] = uid;
            return times.Note(address, uid, isSo: false, now);
        }

        var isKnown = seen.TryGetValue(address, out var known) && known == uid;
        var since = isKnown ? null : cluster.RecordOf(store).Parsed?.UnseenSince;
        return times.Note(address, uid, isSo: true, since < now ? since.Value : now);
    }

    public void Forget(ObjectKey store)
    {
        times.Forget(store);
        seen.TryRemove(store, out _);
    }

    private static string UidOf(EncryptedStore store) => store.Metadata.Uid ?? "";
}
