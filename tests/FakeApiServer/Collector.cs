using System.Text.Json.Nodes;
using Entry = (FakeApiServer.Resource Resource, string Key, System.Text.Json.Nodes.JsonObject Object);

namespace FakeApiServer;

/// <summary>Garbage collection, done at once: dependants follow their last owner,
/// and a namespace takes what is in it along.</summary>
internal sealed class Collector(ObjectStore store, Catalog catalog, Writes writes)
{
    public const string Foreground = "foregroundDeletion";

    /// <summary>Holds a namespace until nothing is in it any more; a real one has it in its spec.</summary>
    public const string Content = "kubernetes";

    private static readonly Resource spaces = Resource.BuiltIn.First(IsNamespace);

    public static bool IsNamespace(Resource resource) => resource is { Group: "", Plural: "namespaces" };

    public IEnumerable<Entry> In(string ns) =>
        store.All(catalog.Resources).Where(entry => (string?)entry.Object["metadata"]!["namespace"] == ns);

    /// <summary>A namespace that is going takes nothing new, in the words of a real server.</summary>
    public void RequireRoom(Resource resource, string ns, string name)
    {
        if (resource.Namespaced && IsGoing(ns))
        {
            var group = resource.Group.Length > 0 ? "." + resource.Group : "";
            throw new ApiError(403, "Forbidden",
                $"{resource.Plural}{group} \"{name}\" is forbidden: unable to create new content in namespace {ns} "
                    + "because it is being terminated");
        }
    }

    public IEnumerable<Entry> Dependants(string uid) =>
        store.All(catalog.Resources).Where(entry => OwnerIds(entry.Object).Contains(uid));

    /// <summary>Does what follows when the object is gone.</summary>
    public void After(Resource resource, string ns, string name, JsonObject last)
    {
        if (store.Get(resource, Writes.Key(ns, name)) is not null)
        {
            return;
        }

        var uid = Uid(last);
        DeleteAll(Dependants(uid)
            .Where(dependant => !OwnerIds(dependant.Object).Any(other => other != uid && Lives(other))));
        if (resource.Namespaced && IsGoing(ns) && !In(ns).Any())
        {
            Drop((spaces, Writes.Key("", ns), store.Get(spaces, Writes.Key("", ns))!.Object), "finalizers",
                item => (string?)item == Content);
        }

        var waiting = store.All(catalog.Resources)
            .Where(entry =>
                entry.Object["metadata"]!["finalizers"]?.AsArray().Any(item => (string?)item == Foreground) ?? false);
        foreach (var owner in waiting.Where(entry => !Dependants(Uid(entry.Object)).Any()))
        {
            Drop(owner, "finalizers", item => (string?)item == Foreground);
        }
    }

    public void Orphan(string uid)
    {
        foreach (var dependant in Dependants(uid).ToList())
        {
            Drop(dependant, "ownerReferences", item => (string?)item!["uid"] == uid);
        }
    }

    public void DeleteAll(IEnumerable<Entry> entries)
    {
        foreach (var entry in entries.ToList())
        {
            if (store.Get(entry.Resource, entry.Key) is { } there
                && there.Object["metadata"]!["deletionTimestamp"] is null)
            {
                var (ns, name) = Address(entry);
                writes.Delete(entry.Resource, ns, name, new JsonObject { ["propagationPolicy"] = "Background" });
            }
        }
    }

    private void Drop(Entry entry, string field, Func<JsonNode?, bool> unwanted)
    {
        var (ns, name) = Address(entry);
        writes.Patch(entry.Resource, ns, name, "", live =>
        {
            var next = live.DeepClone().AsObject();
            next["metadata"]![field] = new JsonArray(
                [.. next["metadata"]![field]!.AsArray().Where(item => !unwanted(item))
                    .Select(item => item!.DeepClone())]);
            return next;
        }, "garbage-collector");
    }

    private bool IsGoing(string ns) =>
        store.Get(spaces, Writes.Key("", ns))?.Object["metadata"]!["deletionTimestamp"] is not null;

    private bool Lives(string uid) => store.All(catalog.Resources).Any(entry => Uid(entry.Object) == uid);

    private static string Uid(JsonObject json) => (string)json["metadata"]!["uid"]!;

    private static IEnumerable<string> OwnerIds(JsonObject json) =>
        (json["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(owner => (string)owner!["uid"]!);

    private static (string Namespace, string Name) Address(Entry entry) =>
        ((string?)entry.Object["metadata"]!["namespace"] ?? "", (string)entry.Object["metadata"]!["name"]!);
}
