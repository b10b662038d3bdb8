using System.Text.Json.Nodes;
using Simulation.Real.Clouds;

namespace Simulation.Real.Changes;

/// <summary>
/// Clients of a store that changes its key: they name the key that their binding named when they last read it, or none,
/// or go on with uploads by parts for as long as they like; and the laws about what they wrote.
/// </summary>
internal sealed class ChangeClients(World world, Rng rng)
{
    private const int MostVersions = 14;

    /// <summary>As the spec says it; a client reads its binding this often at least.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(20);

    /// <summary>When a bucket was last named with a key.</summary>
    private readonly Dictionary<(string Bucket, string Key), DateTimeOffset> told = [];

    /// <summary>By the key's full id. Whoever puts another one under that lets nobody of the store's use it.</summary>
    private readonly Dictionary<string, int> materials =
        world.Account.Keys.ToDictionary(key => key.Key, key => key.Value.Material);

    /// <summary>What stood in a bucket that a binding named when it was last read.</summary>
    private readonly Dictionary<string, (DateTimeOffset At, IReadOnlyList<Entry> Stood)> read = [];

    /// <summary>Written into the bucket that was left, past a fence that a person took away.</summary>
    private readonly List<Entry> orphans = [];

    /// <summary>What stood in the store's other bucket when somebody deleted the first.</summary>
    private (string Bucket, IReadOnlyList<Entry> Stood)? last;

    private int nextId = 1;

    private Home Store => world.Homes[0];

    /// <summary>Workloads read what the binding says now.</summary>
    public void Read()
    {
        if (world.People.Binding(Store)?["data"] is { } data && (string?)data["key"] is { } key
            && world.People.Led(Store) is { } bucket)
        {
            told[(bucket, key)] = world.Now;
            read[bucket] = (world.Now, [.. world.Account.Find(bucket)?.Under(Store.Prefix) ?? []]);
        }
    }

    /// <summary>One of them writes, deletes, begins an upload or completes one.</summary>
    public void GetOn()
    {
        if (world.People.Binding(Store) is null || world.People.Running(Store) == 0)
        {
            return;
        }

        // some go on with what they read long ago
        var known = told.Where(one => rng.Once(6) || IsFresh(one.Key)).Select(one => one.Key)
            .OrderBy(one => one.Key, StringComparer.Ordinal).ThenBy(one => one.Bucket, StringComparer.Ordinal).ToList();
        var at = known.Count == 0 ? ((string Bucket, string Key)?)null : known[rng.Next(known.Count)];
        if (world.Account.Find(at?.Bucket ?? Store.TargetName) is not { LetsIn: true } target
            || target.MadeFor != Store.Uid || target.Owner != Store.Uids[^1]
            || target.Fences.Values.Any(fence => Store.Prefix.StartsWith(fence.Prefix, StringComparison.Ordinal)))
        {
            return; // refused, not lost
        }

        if (target.Name != Store.TargetName)
        {
            Stray(target);
            return;
        }

        var named = rng.Once(3) ? null : at?.Key;
        switch (world.IsAzure ? rng.Next(4) + 2 : rng.Next(6)) // what is not committed lies under the account's key too
        {
            case 0: Begin(target, named); break;
            case 1 when target.Uploads is [_, ..] uploads: Complete(target, uploads[rng.Next(uploads.Count)]); break;
            case 2: Write(target, -nextId++, named: null); break;
            default: Write(target, nextId++, named); break;
        }
    }

    /// <summary>Each object has been written once at least.</summary>
    public void WriteAll()
    {
        for (var key = 0; key < Home.Objects; key++)
        {
            Write(Store.Target!, nextId++, null, key);
        }
    }

    /// <summary>A client names a key that it read of long ago.</summary>
    public void WriteUnder(string id) => Write(Store.Target!, nextId++, id);

    /// <summary>An upload by parts; it is completed some time, or never.</summary>
    public void Begin(Bucket target, string? named)
    {
        if (Admitted(target, named) is { } entry)
        {
            target.Uploads.Add(new Parts($"u{nextId}", entry with { Id = nextId++ }));
        }
    }

    /// <summary>S3 asks the key that it began with, and no policy.</summary>
    public void Complete(Bucket target, Parts upload)
    {
        target.Uploads.Remove(upload);
        if (world.Account.Keys[upload.Whole.KeyId].Works(upload.Whole.Material) && IsRoom)
        {
            target.Write(upload.Whole with { At = world.Now });
            Store.Acknowledged.Write(upload.Whole);
        }
    }

    /// <summary>Whoever it belongs to takes what came late into the store, or away.</summary>
    public void TakeAway()
    {
        foreach (var bucket in Store.Others)
        {
            orphans.ForEach(bucket.Remove);
        }

        orphans.Clear();
    }

    /// <summary>Somebody deletes the store's bucket, with all that is in it.</summary>
    public void LoseTarget()
    {
        last = Store.Others.FirstOrDefault() is { } other ? (other.Name, other.Under(Store.Prefix).ToList()) : null;
        world.Account.Buckets.Remove(Store.TargetName);
        told.Clear();
        read.Clear();
    }

    /// <summary>Law 5: what a client was told to be stored stands there, and nothing newer than it was. Law 13: who
    /// reads by a binding no older than the overlap finds what stood there.</summary>
    public void Check()
    {
        if (world.People.StoreRecord(Store) is null)
        {
            return; // nobody knows which of its buckets readers are on
        }

        if (last is { } only && world.Account.Find(only.Bucket)?.Under(Store.Prefix).SequenceEqual(only.Stood) != true)
        {
            throw new LawBrokenException("5", "what was left of a store whose bucket somebody deleted is gone too");
        }

        if (last is null && Store.Target is { } target && !Store.Acknowledged.SaysTheSameAs(target, Store.Prefix))
        {
            throw new LawBrokenException("5",
                "what a client was told to be stored is not there any more, or was written over");
        }

        if (orphans.Find(stray => !Store.Others.Any(bucket => bucket.Of(stray.Key).Contains(stray))) is { } gone)
        {
            throw new LawBrokenException(
                "5", $"{gone.Key} was written late into the bucket that was left, and is gone");
        }

        CheckReads();
    }

    private void CheckReads()
    {
        foreach (var (bucket, (at, stood)) in read)
        {
            if (bucket != Store.TargetName && world.Now - at < Overlap
                && stood.FirstOrDefault(entry => world.Account.Find(bucket)?.Of(entry.Key).Contains(entry) != true)
                    is { } gone)
            {
                throw new LawBrokenException("13",
                    $"{gone.Key} is gone from {bucket}, where a binding no older than the overlap leads");
            }
        }
    }

    /// <summary>Nobody reads it there; the worker saw none of it.</summary>
    private void Stray(Bucket left)
    {
        if (left.KeyId is not { } key || !world.Account.Keys[key].Works(materials[key]) || !IsRoom)
        {
            return;
        }

        if (orphans.Count == 0)
        {
            orphans.Add(left.Write(new Entry($"{Store.Prefix}late", nextId++, null, key, materials[key], world.Now)));
        }
    }

    private bool IsRoom => Store.Acknowledged.Under("").Count() < MostVersions;

    private void Write(Bucket target, int id, string? named, int? key = null)
    {
        if (IsRoom && Admitted(target, named) is { } entry)
        {
            var whole = entry with { Id = id, Key = key is { } given ? $"{Store.Prefix}{given}" : entry.Key };
            target.Write(whole);
            Store.Acknowledged.Write(whole);
        }
    }

    /// <summary>Null where the key does not work; a policy must not refuse what
    /// a binding said within the overlap.</summary>
    private Entry? Admitted(Bucket target, string? named)
    {
        var id = target is StorageAccount { RootKey: var root } ? root : named ?? target.KeyId!;
        var entry = new Entry($"{Store.Prefix}{rng.Next(Home.Objects)}", 0, null, id, world.Account.Keys[id].Material,
            world.Now);
        if (target is StorageAccount || target.IsAdmitted(id))
        {
            return world.Account.Keys[id].Works(materials[id]) ? entry : null;
        }

        return !IsFresh((target.Name, id)) ? null
            : throw new LawBrokenException("13",
                "a write was refused that named the key of a binding no older than the overlap");
    }

    private bool IsFresh((string Bucket, string Key) at) =>
        told.TryGetValue(at, out var read) && world.Now - read <= Overlap;
}
