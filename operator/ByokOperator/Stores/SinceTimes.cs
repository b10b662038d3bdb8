using System.Collections.Concurrent;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>
/// Since when something has been so for a store, as this process knows it. A restart begins anew, and opens nothing:
/// what was taken from a store is only given back on a look that says so.
/// </summary>
internal sealed class SinceTimes
{
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, DateTimeOffset Since)> times = new();

    /// <returns>Null where it is not so.</returns>
    public DateTimeOffset? Note(ObjectKey store, string uid, bool isSo, DateTimeOffset now)
    {
        if (isSo)
        {
            return times.AddOrUpdate(store, _ => (uid, now), (_, known) => known.Uid == uid ? known : (uid, now)).Since;
        }

        Forget(store);
        return null;
    }

    /// <summary>As it was noted; null where it was not.</summary>
    public DateTimeOffset? Find(ObjectKey store, string uid) =>
        times.TryGetValue(store, out var known) && known.Uid == uid ? known.Since : null;

    public void Forget(ObjectKey store) => times.TryRemove(store, out _);
}
