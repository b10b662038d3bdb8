using Kube.Core;

namespace Kube.Runtime.Watching;

/// <summary>The objects of a store by something they mention; as fresh as the store, and swapped with it.</summary>
public sealed class StoreIndex<TKey, T>
    where TKey : notnull
    where T : class, IResource<T>
{
    private readonly Lock gate;
    private readonly Func<T, IEnumerable<TKey>> keysOf;
    private readonly Dictionary<TKey, Dictionary<ObjectKey, T>> entries = [];

    internal StoreIndex(Lock gate, Func<T, IEnumerable<TKey>> keysOf)
    {
        this.gate = gate;
        this.keysOf = keysOf;
    }

    public IReadOnlyList<T> Find(TKey key)
    {
        lock (gate)
        {
            return entries.TryGetValue(key, out var found) ? [.. found.Values] : [];
        }
    }

    internal void Replace_NeedsLock(T? old, T? next)
    {
        if (old is not null)
        {
            foreach (var key in keysOf(old))
            {
                Remove_NeedsLock(key, old.Metadata.Key);
            }
        }

        if (next is not null)
        {
            foreach (var key in keysOf(next))
            {
                Add_NeedsLock(key, next);
            }
        }
    }

    private void Add_NeedsLock(TKey key, T item)
    {
        if (!entries.TryGetValue(key, out var bucket))
        {
            entries[key] = bucket = new Dictionary<ObjectKey, T>(capacity: 1);
        }

        bucket[item.Metadata.Key] = item;
    }

    private void Remove_NeedsLock(TKey key, ObjectKey item)
    {
        if (entries.TryGetValue(key, out var bucket) && bucket.Remove(item) && bucket.Count == 0)
        {
            entries.Remove(key);
        }
    }
}
