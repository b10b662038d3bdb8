using System.Collections.Concurrent;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>
/// Since when what stands can't be looked at, as this process knows it. A restart grants the patience anew and opens nothing: what
/// was taken from a store that can't be seen is only given back on a look at it.
/// </summary>
internal sealed class UnseenTimes
{
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, DateTimeOffset Since)> times = new();

    /// <returns>Null where it was seen.</returns>
    public DateTimeOffset? Note(ObjectKey store, string uid, bool isUnseen, DateTimeOffset now)
    {
        if (isUnseen)
        {
            return times.AddOrUpdate(store, _ => (uid, now), (_, known) => known.Uid == uid ? known : (uid, now)).Since;
        }

        Forget(store);
        return null;
    }

    public void Forget(ObjectKey store) => times.TryRemove(store, out _);
}
