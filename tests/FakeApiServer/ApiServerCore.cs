using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>An apiserver without a wire: one request in, one answer out.
/// What listens on a port and what runs inside a test are the same one.</summary>
internal sealed class ApiServerCore
{
    private readonly Writes writes;
    private readonly Lists lists;

    /// <param name="time">What it dates objects by.</param>
    /// <param name="uids">Names every new object.</param>
    public ApiServerCore(TimeProvider time, Func<string> uids)
    {
        writes = new Writes(Store, Catalog, time, uids);
        Rights = new Roles(Store, Catalog);
        lists = new Lists(Store);
    }

    public Catalog Catalog { get; } = new();

    public Roles Rights { get; }

    public ObjectStore Store { get; } = new();

    /// <summary>Registers what CustomResourceDefinitions in YAML define,
    /// as <c>kubectl apply</c> of them would.</summary>
    public void RegisterDefinitions(string yaml)
    {
        var resource = Catalog.Find("apiextensions.k8s.io", "v1", Resource.DefinitionPlural);
        foreach (var definition in Yaml.Read(yaml))
        {
            writes.Apply(resource, "", (string)definition["metadata"]!["name"]!, "", definition,
                new("kubectl", "", true), force: true);
        }
    }

    /// <summary>Puts what manifests in YAML say, as <c>kubectl apply</c> of them would.</summary>
    public void Apply(string yaml)
    {
        foreach (var one in Yaml.Read(yaml))
        {
            var (group, version) = ((string)one["apiVersion"]!).Split('/') is [var named, var v] ? (named, v)
                : ("", (string)one["apiVersion"]!);
            var resource = Catalog.Resources.First(known =>
                known.Group == group && known.Version == version && known.Kind == (string?)one["kind"]);
            writes.Apply(resource, (string?)one["metadata"]!["namespace"] ?? "", (string)one["metadata"]!["name"]!, "",
                one, new("kubectl", "", true), force: true);
        }
    }

    /// <summary>Null where the path is no discovery document.</summary>
    public JsonObject? Discover(string[] path) => Catalog.Discover(path);

    /// <summary>Throws <see cref="ApiError"/>, and <see cref="JsonException"/> for a body that is none.</summary>
    public (int Code, byte[] Body) Answer(ApiRequest request)
    {
        if (Catalog.Discover(request.Path) is { } document)
        {
            return (200, Texts.Of(document));
        }

        var target = Target.Parse(request.Path, Catalog);
        if (request.Method == "GET")
        {
            return Read(request, target);
        }

        var (code, answer) = Change(request, target);
        return (code, Texts.Of(answer));
    }

    private (int Code, byte[] Body) Read(ApiRequest request, Target target)
    {
        if (target.Name is not { } name)
        {
            return (200, lists.Page(request, target.Resource, target.Namespace));
        }

        if (Store.Get(target.Resource, target.Key) is not { } found)
        {
            var error = ApiError.NotFound(target.Resource, name); // asked for all the time: nothing is thrown
            return (error.Code, Texts.Of(error.ToStatus()));
        }

        var text = found.Text;
        return (200, target.Subresource == Scales.Subresource ? Texts.Of(Scales.Of(found.Object))
            : request.MetadataOnly ? text.Partial : text.Whole);
    }

    private (int Code, JsonObject Answer) Change(ApiRequest request, Target target)
    {
        var (resource, ns, sub) = (target.Resource, target.Namespace ?? "", target.Subresource);
        var body = request.Body ?? new JsonObject();
        var manager = request.Query("fieldManager") ?? request.Agent;
        switch (request.Method, request.ContentType)
        {
            case ("POST", _) when target.Name is null
                && Reviews.Answer(resource, body.AsObject(), Rights) is { } reviewed:
                return (201, reviewed);
            case ("POST", _) when target.Name is null:
                return (201, writes.Create(resource, ns, body.AsObject(), manager));
            case ("DELETE", _) when target.Name is { } name:
                return (200, writes.Delete(resource, ns, name, body.AsObject()));
            case ("PATCH", "application/merge-patch+json")
                when target is { Name: { } name, Subresource: Scales.Subresource }:
                return (200,
                    Scales.Of(
                        writes.Patch(resource, ns, name, "", live => Scales.Patched(live, body.AsObject()), manager)));
            case ("PATCH", "application/apply-patch+yaml") when target.Name is { } name:
                var isNew = Store.Get(resource, target.Key) is null;
                var self = new FieldOwnership.Owner(request.Query("fieldManager")
                    ?? throw ApiError.BadRequest(
                        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for "
                            + "apply patch"), sub, true);
                return (isNew ? 201
                    : 200,
                        writes.Apply(resource, ns, name, sub, body.AsObject(), self, request.Query("force") == "true"));
            case ("PATCH", "application/json-patch+json") when target.Name is { } name:
                return (200,
                    writes.Patch(resource, ns, name, sub, live => Patches.Json(live, body.AsArray()), manager));
            case ("PATCH", "application/merge-patch+json") when target.Name is { } name:
                return (200,
                    writes.Patch(resource, ns, name, sub, live => Patches.Merge(live, body.AsObject()), manager));
            case ("PATCH", _) when target.Name is not null:
                throw new ApiError(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
            default:
                throw new ApiError(405, "MethodNotAllowed",
                    "the server does not allow this method on the requested resource");
        }
    }
}
