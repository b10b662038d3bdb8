using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>What etcd is: every version of every object in one order, until compaction.
/// Objects are never changed in place.</summary>
internal sealed class ObjectStore
{
    /// <summary>Changes that are kept for watches; then the older half goes,
    /// as a real server's does every few minutes.</summary>
    private const int LongestLog = 50_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<string, List<(long Version, Stored? Object)>>> kinds = [];
    private readonly Dictionary<string, long> touched = [];
    private readonly List<Change> log = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long compacted;

    public long Version { get; private set; } = 1;

    /// <summary>Forgets all older versions: lists and watches that still need them get 410.</summary>
    public void Compact()
    {
        lock (gate)
        {
            Forget(Version);
        }
    }

    /// <summary>Forgets the versions that nobody needs who has seen this one.</summary>
    public void Compact(long seen)
    {
        lock (gate)
        {
            if (seen > compacted)
            {
                Forget(seen);
            }
        }
    }

    public Stored? Get(Resource resource, string key)
    {
        lock (gate)
        {
            return Kind(resource).TryGetValue(key, out var history) ? history[^1].Object : null;
        }
    }

    /// <summary>The objects of a kind as they stood at a version, after a key.</summary>
    public IReadOnlyList<(string Key, Stored Stored)> List(
        Resource resource, long version, string after, Func<JsonObject, bool> wanted, int limit)
    {
        lock (gate)
        {
            Require(version);
            return [.. Kind(resource)
                .SkipWhile(entry => string.CompareOrdinal(entry.Key, after) <= 0)
                .Select(entry => (entry.Key, entry.Value.FindLast(past => past.Version <= version).Object!))
                .Where(entry => entry.Item2 is not null && wanted(entry.Item2.Object))
                .Take(limit)];
        }
    }

    /// <summary>What happened to a kind after a version, until when, and what completes at the next write.</summary>
    public (IReadOnlyList<Change> Changes, long Until, Task Next) Since(Resource resource, long version)
    {
        lock (gate)
        {
            Require(version);
            if (version >= Version)
            {
                return ([], Version, changed.Task);
            }

            var first = log.FindLastIndex(change => change.Version <= version) + 1;
            return ([.. log.Skip(first).Where(change => change.Resource.Id == resource.Id)], Version, changed.Task);
        }
    }

    /// <summary>What happened to all kinds after a version.</summary>
    public IReadOnlyList<Change> Since(long version)
    {
        lock (gate)
        {
            Require(version);
            return log[(log.FindLastIndex(change => change.Version <= version) + 1)..];
        }
    }

    /// <summary>One write; null deletes. Nothing happens when nothing differs.
    /// Returns what stands then (or stood last).</summary>
    public JsonObject Write(Resource resource, string key, Func<Stored?, Stored?> change)
    {
        lock (gate)
        {
            var before = Get(resource, key);
            var after = change(before);
            if (before is not null && after is not null && JsonNode.DeepEquals(before.Object, after.Object))
            {
                Kind(resource)[key][^1] =
                    (Kind(resource)[key][^1].Version, after with { Object = before.Object, Text = before.Text });
                return before.Object;
            }

            touched[resource.Id] = ++Version;
            var shown = after?.Object ?? before!.Object.DeepClone().AsObject(); // what is written was made for this
            shown["metadata"]!["resourceVersion"] = $"{Version}";
            var text = new Texts(shown);
            var stored = after is null ? null : after with { Object = shown, Text = text };
            Kind(resource).TryAdd(key, []);
            Kind(resource)[key].Add((Version, stored));
            log.Add(new Change(Version, resource, before?.Object, shown, IsDelete: after is null) { Text = text });
            if (log.Count > LongestLog)
            {
                Forget(log[LongestLog / 2].Version);
            }

            var waiters = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.SetResult();
            return shown;
        }
    }

    /// <summary>When a kind was last written; 0 where it never was.</summary>
    public long Touched(Resource resource)
    {
        lock (gate)
        {
            return touched.GetValueOrDefault(resource.Id);
        }
    }

    /// <summary>Everything that stands now, for the garbage collector.</summary>
    public IReadOnlyList<(Resource Resource, string Key, JsonObject Object)> All(IEnumerable<Resource> resources)
    {
        lock (gate)
        {
            return [.. resources.SelectMany(resource => Kind(resource)
                .Where(entry => entry.Value[^1].Object is not null)
                .Select(entry => (resource, entry.Key, entry.Value[^1].Object!.Object)))];
        }
    }

    private SortedDictionary<string, List<(long Version, Stored? Object)>> Kind(Resource resource) =>
        kinds.TryGetValue(resource.Id, out var kind) ? kind : kinds[resource.Id] = new(StringComparer.Ordinal);

    private void Forget(long until)
    {
        compacted = until;
        log.RemoveAll(change => change.Version <= until);
        foreach (var kind in kinds.Values)
        {
            foreach (var (key, history) in kind.ToList())
            {
                history.RemoveRange(0, Math.Max(0, history.FindLastIndex(past => past.Version <= until)));
                if (history is [{ Object: null }])
                {
                    kind.Remove(key);
                }
            }
        }
    }

    private void Require(long version)
    {
        if (version < compacted)
        {
            throw ApiError.Expired(version, compacted);
        }
    }

    internal sealed record Stored(
        JsonObject Object, IReadOnlyDictionary<FieldOwnership.Owner, IReadOnlySet<string>> Owners)
    {
        /// <summary>Of what was written; what is still to be written has none.</summary>
        public Texts Text { get; init; } = new(Object);
    }

    internal sealed record Change(long Version, Resource Resource, JsonObject? Before, JsonObject After, bool IsDelete)
    {
        public required Texts Text { get; init; }
    }
}
