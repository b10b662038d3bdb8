using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>
/// The objects of a store by something they mention; as fresh as the store, and swapped with it. Most are mentioned
/// alone or with a handful of others, so what is found under one key is an array of its length until it is long.
/// </summary>
public sealed class InformerIndex<TKey, T>
    where TKey : notnull
    where T : class, IResource<T>
{
    /// <summary>From here on a dictionary is worth its few hundred bytes:
    /// finding one to replace in an array takes a look at each.</summary>
    private const int Many = 16;

    private readonly Lock gate;
    private readonly Func<T, IEnumerable<TKey>> keysOf;
    private readonly Dictionary<TKey, T[]> few = [];
    private readonly Dictionary<TKey, Dictionary<ObjectKey, T>> many = [];

    internal InformerIndex(Lock gate, Func<T, IEnumerable<TKey>> keysOf)
    {
        this.gate = gate;
        this.keysOf = keysOf;
    }

    public IReadOnlyList<T> Find(TKey key)
    {
        lock (gate)
        {
            return few.TryGetValue(key, out var some) ? some : many.TryGetValue(key, out var all) ? [.. all.Values]
                : [];
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
        if (many.TryGetValue(key, out var all))
        {
            all[item.Metadata.Key] = item;
            return;
        }

        var others = Without(few.GetValueOrDefault(key, []), item.Metadata.Key);
        if (others.Length + 1 < Many)
        {
            few[key] = [.. others, item];
            return;
        }

        few.Remove(key);
        many[key] = others.Append(item).ToDictionary(one => one.Metadata.Key);
    }

    private void Remove_NeedsLock(TKey key, ObjectKey item)
    {
        if (few.TryGetValue(key, out var some))
        {
            var others = Without(some, item);
            if (others.Length > 0)
            {
                few[key] = others;
            }
            else
            {
                few.Remove(key);
            }
        }
        else if (many.TryGetValue(key, out var all) && all.Remove(item) && all.Count == 0)
        {
            many.Remove(key);
        }
    }

    /// <summary>Arrays are never changed: readers keep what they were given.</summary>
    private static T[] Without(T[] items, ObjectKey gone) => Array.Exists(items, item => item.Metadata.Key == gone)
        ? [.. items.Where(item => item.Metadata.Key != gone)]
        : items;
}
