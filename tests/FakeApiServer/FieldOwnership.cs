using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Leaf = (string Path, System.Collections.Immutable.ImmutableArray<FakeApiServer.FieldOwnership.Step> Steps,
    System.Text.Json.Nodes.JsonNode? Value);
using Owners = System.Collections.Generic.IReadOnlyDictionary<FakeApiServer.FieldOwnership.Owner,
    System.Collections.Generic.IReadOnlySet<string>>;

namespace FakeApiServer;

/// <summary>
/// Server-side apply by leaf paths: who set which leaf. Lists are atomic, but for those with a key and for finalizers,
/// a set.
/// </summary>
internal static class FieldOwnership
{
    private static readonly Dictionary<string, string> listKeys = new()
    {
        ["conditions"] = "type", ["ownerReferences"] = "uid", ["containers"] = "name", ["volumes"] = "name",
        ["env"] = "name",
    };

    private static readonly IReadOnlySet<string> nothing = new HashSet<string>();

    /// <summary>Of what nobody has set anything of.</summary>
    public static Owners Nobody { get; } = new Dictionary<Owner, IReadOnlySet<string>>();

    /// <summary>The object after the apply, and who owns what then.
    /// Throws when others own what it would change.</summary>
    public static (JsonObject Object, Owners Owners) Apply(
        Resource resource, JsonObject live, JsonObject applied, Owners owners, Owner self, bool force)
    {
        var mine = owners.GetValueOrDefault(self) ?? nothing;
        var wanted = Leaves(applied, null).ToDictionary(leaf => leaf.Path);
        var concerned = applied.Select(field => field.Key).Concat(mine.Select(SectionOf)).ToHashSet();
        var present = Leaves(live, null, concerned.Contains).ToDictionary(leaf => leaf.Path);
        bool Differs(string path) =>
            wanted.TryGetValue(path, out var leaf) && !Same(leaf.Value, present.GetValueOrDefault(path).Value);
        var taken = owners.Where(owner => owner.Key != self)
            .SelectMany(owner => owner.Value.Where(Differs).Select(path => (owner.Key.Manager, path))).ToList();
        if (taken.Count > 0 && !force)
        {
            throw ApiError.ApplyConflict(resource, (string)live["metadata"]!["name"]!, taken);
        }

        var lost = taken.Select(conflict => conflict.path).ToHashSet();
        var next = owners.ToDictionary(owner => owner.Key,
            owner => owner.Key == self ? owner.Value : Without(owner.Value, lost));
        var result = live.DeepClone().AsObject();
        Merge(result, applied);
        bool IsOthers(string path) => next.Any(owner => owner.Key != self && owner.Value.Contains(path));
        var dropped = mine.Where(path => !wanted.ContainsKey(path) && !IsOthers(path)).ToHashSet();
        dropped.UnionWith(
            InsideItemsOf(dropped.Where(present.ContainsKey).Select(path => present[path]).Where(IsKey), present.Keys)
                .ToList());
        foreach (var leaf in dropped.Where(present.ContainsKey).Select(path => present[path]).OrderBy(IsKey))
        {
            Remove(result, leaf.Steps.AsSpan());
        }

        if (dropped.Count > 0)
        {
            next = next.ToDictionary(owner => owner.Key, owner => Without(owner.Value, dropped));
        }

        DemandWhole(resource, result);
        next[self] = wanted.Keys.ToHashSet();
        return (result, next);
    }

    /// <summary>An item whose key nobody else set goes as a whole, whoever wrote into it since.</summary>
    private static IEnumerable<string> InsideItemsOf(IEnumerable<Leaf> keys, IReadOnlyCollection<string> paths) => keys
        .Select(key => key.Path[..^key.Steps[^1].ToString().Length])
        .SelectMany(item => paths.Where(path => path.StartsWith(item, StringComparison.Ordinal)));

    /// <summary>What is left of a condition, because somebody else set that too,
    /// lacks what every definition requires of one.</summary>
    private static void DemandWhole(Resource resource, JsonObject result)
    {
        foreach (var condition in (result["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var field in (string[])["status", "reason", "lastTransitionTime"])
            {
                if (!condition.ContainsKey(field))
                {
                    throw ApiError.Invalid(
                        $"{resource.Kind} \"{(string?)result["metadata"]?["name"]}\" is invalid: "
                            + $"status.conditions.{field}: Required value");
                }
            }
        }
    }

    /// <summary>After any other write: changed leaves belong to the writer, removed ones to nobody.</summary>
    public static Owners Update(Owners owners, JsonObject before, JsonObject after, Owner self)
    {
        var old = Leaves(before, after).ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        var now = Leaves(after, before).ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        var changed = now.Keys.Where(path => !old.TryGetValue(path, out var value) || !Same(value, now[path]))
            .ToHashSet();
        var lost = changed.Concat(old.Keys.Where(path => !now.ContainsKey(path))).ToHashSet();
        var next = owners.ToDictionary(owner => owner.Key, owner => Without(owner.Value, lost));
        if (changed.Count > 0)
        {
            next[self] = next.TryGetValue(self, out var mine) ? mine.Union(changed).ToHashSet() : changed;
        }

        return next;
    }

    private static IReadOnlySet<string> Without(IReadOnlySet<string> owned, HashSet<string> lost) =>
        lost.Count > 0 && owned.Overlaps(lost) ? owned.Where(path => !lost.Contains(path)).ToHashSet() : owned;

    private static string SectionOf(string path) =>
        path.AsSpan(1).IndexOfAny('.', '[') is >= 0 and var end ? path[1..(end + 1)] : path[1..];

    /// <param name="json">Whose.</param>
    /// <param name="other">What is the same there is left out; null: nothing is.</param>
    /// <param name="isConcerned">Whether one of its fields is looked at; null: each is.</param>
    private static List<Leaf> Leaves(JsonObject json, JsonObject? other, Func<string, bool>? isConcerned = null)
    {
        var found = new List<Leaf>();
        foreach (var (name, value) in json)
        {
            if (name is not ("apiVersion" or "kind" or "metadata") && isConcerned?.Invoke(name) != false)
            {
                Walk(found, [new Step(name)], "." + name, (value, other?[name]));
            }
        }

        foreach (var (name, value) in (isConcerned?.Invoke("metadata") == false ? null : json["metadata"]?.AsObject())
            ?? [])
        {
            if (name is "labels" or "annotations" or "finalizers" or "ownerReferences")
            {
                Walk(found, [new Step("metadata"), new Step(name)], ".metadata." + name,
                    (value, other?["metadata"]?[name]));
            }
        }

        return found;
    }

    /// <param name="found">Is added to.</param>
    /// <param name="steps">The way to the node.</param>
    /// <param name="path">The same in words.</param>
    /// <param name="at">A leaf, or what has some; and what stands there in the other one,
    /// the same of which is left out.</param>
    private static void Walk(
        List<Leaf> found, ImmutableArray<Step> steps, string path, (JsonNode? Node, JsonNode? Other) at)
    {
        if (at is { Node: not null, Other: not null } && Same(at.Node, at.Other))
        {
            return;
        }

        var name = steps[^1].ListKey is null ? steps[^1].Name : "";
        void Go(Step step, JsonNode? inner, JsonNode? other = null) =>
            Walk(found, steps.Add(step), path + step, (inner, other));
        switch (at.Node)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (field, value) in map)
                {
                    Go(new Step(field), value, (at.Other as JsonObject)?[field]);
                }

                break;
            case JsonArray set when name == "finalizers":
                foreach (var item in set)
                {
                    Go(new Step((string)item!, ""), item);
                }

                break;
            case JsonArray list when listKeys.TryGetValue(name, out var key)
                && list.All(item => item is JsonObject map && map.ContainsKey(key)):
                foreach (var item in list)
                {
                    Go(new Step(item![key]!.ToString(), key), item);
                }

                break;
            default:
                found.Add((path, steps, at.Node));
                break;
        }
    }

    /// <summary>Lays what was applied over the object.</summary>
    private static void Merge(JsonObject result, JsonObject applied)
    {
        foreach (var (name, value) in applied)
        {
            switch (result[name], value)
            {
                case (JsonObject below, JsonObject above):
                    Merge(below, above);
                    break;
                case (JsonArray below, JsonArray above) when name == "finalizers":
                    MergeList(below, above, "");
                    break;
                case (JsonArray below, JsonArray above) when listKeys.TryGetValue(name, out var key):
                    MergeList(below, above, key);
                    break;
                default:
                    result[name] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void MergeList(JsonArray result, JsonArray above, string key)
    {
        foreach (var item in above)
        {
            var same = result.FirstOrDefault(there => Same(KeyOf(there!, key), KeyOf(item!, key)));
            if (same is null)
            {
                result.Add(item!.DeepClone());
            }
            else if (same is JsonObject there)
            {
                Merge(there, item!.AsObject());
            }
        }
    }

    /// <summary>Takes out the leaf, and then whatever is left empty; true when the node itself became empty.</summary>
    private static bool Remove(JsonNode? node, ReadOnlySpan<Step> steps)
    {
        var step = steps[0];
        var child = step.ListKey is { } key
            ? (node as JsonArray)?.FirstOrDefault(item => KeyOf(item!, key)?.ToString() == step.Name)
            : node?[step.Name];
        if (child is null || (steps.Length > 1 && !Remove(child, steps[1..])))
        {
            return false;
        }

        if (node is JsonArray list)
        {
            list.Remove(child);
            return list.Count == 0;
        }

        var map = node!.AsObject();
        map.Remove(step.Name);
        return map.Count == 0
            || (map.Count == 1 && listKeys.ContainsValue(map.Single().Key) && map.Parent is JsonArray);
    }

    /// <summary>An item's key goes last, or its other leaves could not be found any more.</summary>
    private static bool IsKey(Leaf leaf) => leaf.Steps.Length > 1 && leaf.Steps[^2].ListKey == leaf.Steps[^1].Name;

    private static JsonNode? KeyOf(JsonNode item, string key) => key.Length == 0 ? item : item[key];

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    internal sealed record Owner(string Manager, string Subresource, bool Applies);

    /// <summary>A field, or with a list key the item of a list whose key is the name.</summary>
    internal sealed record Step(string Name, string? ListKey = null)
    {
        public override string ToString() => ListKey is null ? "." + Name : $"[{ListKey}=\"{Name}\"]";
    }
}
