using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>A bucket as it really is: whose, who gets in, and what is in it,
/// each key's versions oldest first.</summary>
internal class Bucket(string name)
{
    private readonly SortedDictionary<string, List<Entry>> keys = new(ObjectOrder.Utf8);
    private int versions;

    public string Name { get; } = name;

    /// <summary>What the ownership tag says; null: none.</summary>
    public string? Owner { get; set; }

    /// <summary>Whose it really was at first; null where the operator did not make it.</summary>
    public string? MadeFor { get; init; }

    /// <summary>Whose it is since it was made or taken back, whatever its tag says.</summary>
    public string? RightOwner { get; set; }

    /// <summary>What the tag says beside the owner.</summary>
    public StoreOwner? Names { get; set; }

    public bool IsVersioned { get; set; }

    /// <summary>The operator may not look at whose it is.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Somebody else's statement in its policy, which the cloud takes no more:
    /// a policy with both is refused.</summary>
    public string? Foreign { get; set; }

    /// <summary>It was written over before anybody kept it, which closing must not wait for.</summary>
    public bool MayLoseForeign { get; set; }

    /// <summary>The cloud takes no form of the denial.</summary>
    public bool RefusesDenial { get; set; }

    public bool HasDrift { get; set; }

    public virtual bool IsDenied { get; set; }

    /// <summary>Workloads get in.</summary>
    public virtual bool LetsIn => !IsDenied;

    public string? KeyId { get; set; }

    /// <summary>How a bucket of the platform's own encrypts what names no key;
    /// null for one that a policy keeps under its tenant's.</summary>
    public SharedDefault? Default { get; set; }

    /// <summary>Its policy has no room for another fence.</summary>
    public bool RefusesFences { get; set; }

    /// <summary>Keys that a write may name beside that one.</summary>
    public IReadOnlyList<string> Admits { get; set; } = [];

    /// <summary>Uploads by parts that nobody completed yet.</summary>
    public List<Parts> Uploads { get; } = [];

    /// <summary>The policy lets a write name it.</summary>
    public bool IsAdmitted(string id) => Default is not null || id == KeyId || Admits.Contains(id);

    /// <summary>Write fences by owner, each with its prefix.</summary>
    public Dictionary<string, (string Prefix, string Token, DateTimeOffset At)> Fences { get; } = [];

    public bool IsEmpty => keys.Count == 0;

    public IEnumerable<Entry> Under(string prefix) =>
        keys.Where(key => key.Key.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(key => key.Value);

    public IReadOnlyList<Entry> Of(string key) => keys.TryGetValue(key, out var there) ? there : [];

    public bool HasAnyUnder(string prefix) => keys.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Key order, newest first within a key.</summary>
    public IReadOnlyList<Entry> List(string prefix, string? after) =>
    [
        .. keys.Where(key =>
            key.Key.StartsWith(prefix, StringComparison.Ordinal)
                && (after is null || ObjectOrder.Utf8.Compare(key.Key, after) > 0))
            .SelectMany(key => key.Value.AsEnumerable().Reverse()),
    ];

    public virtual Entry Write(Entry entry)
    {
        if (!keys.TryGetValue(entry.Key, out var there))
        {
            keys[entry.Key] = there = [];
        }

        if (!IsVersioned)
        {
            there.Clear();
            if (entry.IsMarker)
            {
                keys.Remove(entry.Key);
                return entry;
            }
        }

        var written = entry with { VersionId = IsVersioned ? $"v{++versions}" : null };
        there.Add(written);
        return written;
    }

    public void Remove(Entry entry)
    {
        if (keys.TryGetValue(entry.Key, out var there) && there.Remove(entry) && there.Count == 0)
        {
            keys.Remove(entry.Key);
        }
    }

    /// <summary>Where the one still stands.</summary>
    public void Replace(Entry entry, Entry by)
    {
        if (keys.TryGetValue(entry.Key, out var there) && there.IndexOf(entry) is >= 0 and var at)
        {
            there[at] = by;
        }
    }

    public void Clear() => keys.Clear();

    /// <summary>Every key under the prefix has the same contents in the same order.</summary>
    public bool SaysTheSameAs(Bucket other, string prefix)
    {
        using var mine = Under(prefix).GetEnumerator();
        using var theirs = other.Under(prefix).GetEnumerator();
        while (true)
        {
            var (more, others) = (mine.MoveNext(), theirs.MoveNext());
            if (!more || !others)
            {
                return more == others;
            }

            if (mine.Current.Key != theirs.Current.Key || mine.Current.IsMarker != theirs.Current.IsMarker
                || (!mine.Current.IsMarker && mine.Current.Id != theirs.Current.Id))
            {
                return false;
            }
        }
    }
}
