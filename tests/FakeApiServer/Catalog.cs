using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>The kinds on offer, and the discovery documents about them. Definitions teach it new ones.</summary>
internal sealed class Catalog
{
    private static readonly string[] plain = [""];
    private static readonly string[] withStatus = ["", "/status"];
    private static readonly string[] scaled = ["", "/status", "/" + Scales.Subresource];
    private volatile IReadOnlyList<Resource> resources = Resource.BuiltIn;

    public IReadOnlyList<Resource> Resources => resources;

    public void Add(Resource resource) =>
        resources = [.. resources.Where(known => known.Id != resource.Id || known.Version != resource.Version),
            resource];

    public Resource Find(string group, string version, string plural) =>
        resources.FirstOrDefault(resource =>
            resource.Group == group && resource.Version == version && resource.Plural == plural)
        ?? throw new ApiError(404, "NotFound", "the server could not find the requested resource");

    public void Learn(Resource resource, JsonObject written)
    {
        if (resource.Plural != Resource.DefinitionPlural)
        {
            return;
        }

        foreach (var defined in Resource.Defined(written))
        {
            Add(defined);
        }

        written["status"] = new JsonObject
        {
            ["acceptedNames"] = written["spec"]!["names"]!.DeepClone(),
            ["storedVersions"] =
                new JsonArray([.. Resource.Defined(written).Select(defined => (JsonNode)defined.Version)]),
            ["conditions"] = new JsonArray(Condition("NamesAccepted", "NoConflicts"),
                Condition("Established", "InitialNamesAccepted")),
        };
    }

    public void Forget(Resource resource, JsonObject deleted)
    {
        if (resource.Plural == Resource.DefinitionPlural)
        {
            var ids = Resource.Defined(deleted).Select(defined => defined.Id).ToHashSet();
            resources = [.. resources.Where(known => !ids.Contains(known.Id))];
        }
    }

    /// <summary>The answer to a discovery path; null when it is not one.</summary>
    public JsonObject? Discover(string[] path) => path switch
    {
        ["version"] =>
            new JsonObject
            {
                ["major"] = "1",
                ["minor"] = "34",
                ["gitVersion"] = "v1.34.0",
                ["platform"] = "fake/amd64",
            },
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        ["apis"] =>
            new JsonObject
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray(
                    [.. resources.Where(resource => resource.Group.Length > 0).GroupBy(resource => resource.Group)
                        .Select(Group)]),
            },
        ["api", var version] => List("", version),
        ["apis", var group, var version] => List(group, version),
        _ => null,
    };

    private static JsonObject Group(IGrouping<string, Resource> group)
    {
        var versions = group.Select(resource => resource.Version).Distinct()
            .Select(version =>
                (JsonNode)new JsonObject { ["groupVersion"] = $"{group.Key}/{version}", ["version"] = version })
                    .ToList();
        return new JsonObject
        {
            ["name"] = group.Key,
            ["preferredVersion"] = versions[0].DeepClone(),
            ["versions"] = new JsonArray([.. versions]),
        };
    }

    private JsonObject List(string group, string version)
    {
        var offered = resources.Where(resource => resource.Group == group && resource.Version == version).ToList();
        return offered.Count == 0
            ? throw new ApiError(404, "NotFound", "the server could not find the requested resource")
            : new JsonObject
            {
                ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = offered[0].ApiVersion,
                ["resources"] = new JsonArray(
                    [.. offered.SelectMany(
                        resource => resource.HasScale ? scaled : resource.HasStatus ? withStatus : plain, Entry)]),
            };
    }

    private static JsonObject Entry(Resource resource, string sub) => new JsonObject
    {
        ["name"] = resource.Plural + sub, ["singularName"] = resource.Kind.ToLowerInvariant(),
        ["namespaced"] = resource.Namespaced, ["kind"] = resource.Kind,
        ["verbs"] = new JsonArray("create", "delete", "get", "list", "patch", "update", "watch"),
    };

    private static JsonObject Condition(string type, string reason) =>
        new() { ["type"] = type, ["status"] = "True", ["reason"] = reason };
}
