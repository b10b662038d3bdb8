using System.Globalization;
using System.Text.Json.Nodes;
using Owner = FakeApiServer.FieldOwnership.Owner;
using Stored = FakeApiServer.ObjectStore.Stored;

namespace FakeApiServer;

/// <summary>What an apiserver makes of a write: who may set what, generations, deletion.</summary>
internal sealed class Writes
{
    private static readonly string[] serverFields =
        ["uid", "creationTimestamp", "generation", "deletionTimestamp", "resourceVersion", "name", "namespace"];
    private readonly ObjectStore store;
    private readonly Catalog catalog;
    private readonly Collector collector;
    private readonly TimeProvider time;
    private readonly Func<string> uids;

    public Writes(ObjectStore store, Catalog catalog, TimeProvider time, Func<string> uids)
    {
        (this.store, this.catalog, this.time, this.uids) = (store, catalog, time, uids);
        collector = new Collector(store, catalog, this);
    }

    public static string Key(string ns, string name) => $"{ns}/{name}";

    public JsonObject Create(Resource resource, string ns, JsonObject body, string manager)
    {
        var metadata = body["metadata"]?.AsObject() ?? throw ApiError.BadRequest("metadata is missing");
        var name = (string?)metadata["name"] is { Length: > 0 } given ? given
            : (string?)metadata["generateName"] + uids()[..5];
        collector.RequireRoom(resource, ns, name);
        return store.Write(resource, Key(ns, name), before =>
        {
            var blank = before is null ? Blank(resource, ns, name) : throw ApiError.AlreadyExists(resource, name);
            var next = Finish(resource, blank, body, "");
            next["metadata"]!["generateName"] = metadata["generateName"]?.DeepClone();
            catalog.Learn(resource, next);
            return new Stored(Trimmed(next),
                FieldOwnership.Update(FieldOwnership.Nobody, blank, next, new Owner(manager, "", false)));
        });
    }

    public JsonObject Apply(
        Resource resource, string ns, string name, string sub, JsonObject body, Owner self, bool force)
    {
        if (store.Get(resource, Key(ns, name)) is null)
        {
            collector.RequireRoom(resource, ns, name);
        }

        return store.Write(resource, Key(ns, name), before =>
        {
            Require((string?)body["metadata"]?["name"] is null or ""
                || (string?)body["metadata"]!["name"] == name, "name in the body does not match the URL");
            if (before is null && (sub.Length > 0 || body["metadata"]?["uid"] is not null))
            {
                throw sub.Length > 0 ? ApiError.NotFound(resource, name)
                    : ApiError.Conflict(resource, name, "uid mismatch: there is no such object");
            }

            var live = before?.Object ?? Blank(resource, ns, name);
            RequireSame(resource, name, live, body);
            foreach (var dropped in body.Select(field => field.Key)
                .Where(field => sub.Length > 0 ? field is not "status" : field == "status" && resource.HasStatus)
                .ToList())
            {
                body.Remove(dropped);
            }

            var (merged, owners) =
                FieldOwnership.Apply(resource, live, body, before?.Owners ?? FieldOwnership.Nobody, self, force);
            var next = Finish(resource, live, merged, sub);
            catalog.Learn(resource, next);
            return Remaining(new Stored(next, owners));
        });
    }

    public JsonObject Patch(
        Resource resource, string ns, string name, string sub, Func<JsonObject, JsonObject> patch, string manager)
    {
        var result = store.Write(resource, Key(ns, name), before =>
        {
            var live = before?.Object ?? throw ApiError.NotFound(resource, name);
            var patched = patch(live);
            RequireSame(resource, name, live, patched);
            var next = Finish(resource, live, patched, sub);
            return Remaining(
                new Stored(next, FieldOwnership.Update(before.Owners, live, next, new Owner(manager, sub, false))));
        });
        collector.After(resource, ns, name, result);
        return result;
    }

    public JsonObject Delete(Resource resource, string ns, string name, JsonObject options)
    {
        var propagation = (string?)options["propagationPolicy"] ?? resource.DefaultPropagation;
        if (propagation == "Orphan" && store.Get(resource, Key(ns, name)) is { } owner)
        {
            collector.Orphan((string)owner.Object["metadata"]!["uid"]!);
        }

        var result = store.Write(resource, Key(ns, name), before =>
        {
            var live = before?.Object ?? throw ApiError.NotFound(resource, name);
            RequireSame(resource, name, live,
                new JsonObject { ["metadata"] = options["preconditions"]?.DeepClone() ?? new JsonObject() });
            var next = live.DeepClone().AsObject();
            var metadata = next["metadata"]!.AsObject();
            if (metadata["deletionTimestamp"] is null)
            {
                metadata["deletionTimestamp"] = Now();
                metadata["deletionGracePeriodSeconds"] = 0;
                Bump(metadata);
            }

            if (Collector.IsNamespace(resource) && collector.In(name).Any())
            {
                metadata["finalizers"] = new JsonArray(Collector.Content);
            }

            if (propagation == "Foreground" && collector.Dependants((string)metadata["uid"]!).Any())
            {
                metadata["finalizers"] = new JsonArray(
                    [.. (metadata["finalizers"]?.AsArray() ?? []).Select(item => item!.DeepClone()),
                        Collector.Foreground]);
            }

            return Remaining(before with { Object = next });
        });
        catalog.Forget(resource, result);
        if (propagation == "Foreground")
        {
            collector.DeleteAll(collector.Dependants((string)result["metadata"]!["uid"]!));
        }

        if (Collector.IsNamespace(resource))
        {
            collector.DeleteAll(collector.In(name));
        }

        collector.After(resource, ns, name, result);
        return result;
    }

    /// <summary>Spec and status are written apart; what the server owns stays; the generation counts what is wanted.
    /// Takes over what it is given as wanted.</summary>
    private static JsonObject Finish(Resource resource, JsonObject live, JsonObject wanted, string sub)
    {
        var next = sub.Length > 0 ? live.DeepClone().AsObject() : wanted;
        var status = (resource.HasStatus && sub.Length == 0 ? live : wanted)["status"]?.DeepClone();
        next.Remove("status");
        var metadata = next["metadata"]!.AsObject();
        foreach (var field in serverFields)
        {
            metadata[field] = live["metadata"]![field]?.DeepClone();
        }

        (next["apiVersion"], next["kind"]) = (resource.ApiVersion, resource.Kind);
        RefuseNewFinalizers(live, metadata);
        var isNew = metadata["resourceVersion"] is null;
        if (resource.HasGeneration && (isNew || !AsksForTheSame(live, next)))
        {
            Bump(metadata);
        }

        next["status"] = status;
        return Trimmed(next);
    }

    private static bool AsksForTheSame(JsonObject one, JsonObject other) =>
        one.Count(IsWanted) == other.Count(IsWanted)
            && one.Where(IsWanted)
                .All(field =>
                    other.TryGetPropertyValue(field.Key, out var there) && JsonNode.DeepEquals(field.Value, there));

    private static bool IsWanted(KeyValuePair<string, JsonNode?> field) => field.Key is not ("metadata" or "status");

    private static void RefuseNewFinalizers(JsonObject live, JsonObject metadata)
    {
        var added = (metadata["finalizers"]?.AsArray() ?? []).Select(item => (string)item!)
            .Except((live["metadata"]!["finalizers"]?.AsArray() ?? []).Select(item => (string)item!));
        if (metadata["deletionTimestamp"] is not null && added.Any())
        {
            throw ApiError.Invalid(
                $"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, "
                    + $"found new finalizers {string.Join(", ", added)}");
        }
    }

    /// <summary>An object that is being deleted goes with its last finalizer.</summary>
    private static Stored? Remaining(Stored stored) =>
        stored.Object["metadata"]!["deletionTimestamp"] is not null
            && stored.Object["metadata"]!["finalizers"] is not JsonArray { Count: > 0 } ? null : stored;

    private JsonObject Blank(Resource resource, string ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name, ["uid"] = uids(), ["creationTimestamp"] = Now() };
        if (resource.Namespaced)
        {
            metadata["namespace"] = ns;
        }

        return new JsonObject
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = metadata,
        };
    }

    private static void RequireSame(Resource resource, string name, JsonObject live, JsonObject told)
    {
        foreach (var field in new[] { "uid", "resourceVersion" })
        {
            var (ours, theirs) = ((string?)live["metadata"]![field], (string?)told["metadata"]?[field]);
            if (!string.IsNullOrEmpty(theirs) && ours is not null && theirs != ours)
            {
                throw ApiError.Conflict(resource, name, field == "uid"
                    ? $"Precondition failed: UID in precondition: {theirs}, UID in object meta: {ours}"
                    : "the object has been modified; please apply your changes to the latest version and try again");
            }
        }
    }

    /// <summary>No nulls and no empty lists or maps in metadata: the server drops them too.</summary>
    private static JsonObject Trimmed(JsonObject json)
    {
        var metadata = json["metadata"]!.AsObject();
        foreach (var (name, _) in metadata.Where(field =>
            field.Value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 }).ToList())
        {
            metadata.Remove(name);
        }

        if (json["status"] is null)
        {
            json.Remove("status");
        }

        return json;
    }

    private static void Bump(JsonObject metadata) => metadata["generation"] = ((long?)metadata["generation"] ?? 0) + 1;

    private string Now() =>
        time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw ApiError.BadRequest(message);
        }
    }
}
