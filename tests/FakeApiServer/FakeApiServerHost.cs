using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FakeApiServer;

/// <summary>An apiserver on a loopback port: plain HTTP, everybody may everything, faithful where it answers at all.</summary>
public sealed class FakeApiServerHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Catalog catalog = new();
    private readonly ObjectStore store = new();
    private readonly Writes writes;
    private readonly Reads reads;
    private readonly ConcurrentDictionary<string, int> counts = new();

    private FakeApiServerHost(int port, TimeSpan bookmarkInterval)
    {
        writes = new Writes(store, catalog);
        reads = new Reads(store, Faults, bookmarkInterval);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Faults Faults { get; } = new();

    public Uri Address => new(app.Urls.First());

    /// <summary>A kubeconfig that points here.</summary>
    public string Kubeconfig => KubeconfigFor("fake");

    /// <summary>Every request as it arrives, on its own thread, before it is answered.</summary>
    public event Action<ApiCall>? Asked;

    /// <summary>Of a user who is told apart in <see cref="Asked"/>.</summary>
    public string KubeconfigFor(string user) => $"""
        apiVersion: v1
        kind: Config
        current-context: fake
        clusters:
        - name: fake
          cluster:
            server: {Address.ToString().TrimEnd('/')}
        contexts:
        - name: fake
          context:
            cluster: fake
            user: fake
        users:
        - name: fake
          user:
            token: {user}

        """;

    /// <summary>Requests so far by verb and plural, for example <c>PATCH configmaps</c> or <c>WATCH jobs</c>.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    public static async Task<FakeApiServerHost> StartAsync(int port = 0, TimeSpan? bookmarkInterval = null, CancellationToken cancellation = default)
    {
        var host = new FakeApiServerHost(port, bookmarkInterval ?? TimeSpan.FromSeconds(1));
        await host.app.StartAsync(cancellation);
        return host;
    }

    public void Register(Resource resource) => catalog.Add(resource);

    /// <summary>Registers what CustomResourceDefinitions in YAML define, as <c>kubectl apply</c> of them would.</summary>
    public void RegisterDefinitions(string yaml)
    {
        var resource = catalog.Find("apiextensions.k8s.io", "v1", Resource.DefinitionPlural);
        foreach (var definition in Yaml.Read(yaml))
        {
            writes.Apply(resource, "", (string)definition["metadata"]!["name"]!, "", definition, new("kubectl", "", true), force: true);
        }
    }

    /// <summary>Forgets old versions: what is behind gets 410.</summary>
    public void Compact() => store.Compact();

    public async ValueTask DisposeAsync()
    {
        Faults.DropWatches();
        await app.DisposeAsync();
        Faults.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var isWatch = context.Request.Query["watch"] == "true";
        Asked?.Invoke(new ApiCall(context.Request.Headers.Authorization.ToString().Split(' ')[^1], context.Request.Method, context.Request.Path));
        try
        {
            var path = context.Request.Path.Value!.Trim('/').Split('/');
            if (Faults.TakeRefusal(context.Request.Method, context.Request.Path) is { } refusal)
            {
                context.Response.Headers.RetryAfter = refusal.RetryAfterSeconds is { } seconds ? $"{seconds}" : default;
                throw new ApiError(refusal.Code, refusal.Code == 429 ? "TooManyRequests" : "InternalError", "asked for by a test");
            }

            if (path is ["healthz" or "readyz" or "livez"])
            {
                await context.Response.WriteAsync("ok", context.RequestAborted);
                return;
            }

            await AnswerAsync(context, path, isWatch);
        }
        catch (ApiError error) when (context.Response.HasStarted)
        {
            await Reads.SendAsync(context, "ERROR", error.ToStatus());
        }
        catch (ApiError error)
        {
            await WriteAsync(context, error.Code, error.ToStatus());
        }
        catch (JsonException broken)
        {
            await WriteAsync(context, 400, ApiError.BadRequest(broken.Message).ToStatus());
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to tell.
        }
    }

    private async Task AnswerAsync(HttpContext context, string[] path, bool isWatch)
    {
        if (catalog.Discover(path) is { } document)
        {
            await WriteAsync(context, 200, document);
            return;
        }

        var target = Target.Parse(path, catalog);
        counts.AddOrUpdate($"{(isWatch ? "WATCH" : context.Request.Method)} {target.Resource.Plural}", 1, (_, count) => count + 1);
        var metadataOnly = context.Request.Headers.Accept.ToString().Contains("as=PartialObjectMetadata", StringComparison.Ordinal);
        if (isWatch && target.Name is null)
        {
            await reads.WatchAsync(context, target.Resource, target.Namespace, metadataOnly);
            return;
        }

        var (code, answer) = HttpMethods.IsGet(context.Request.Method)
            ? (200, await ReadAsync(context, target, metadataOnly))
            : await ChangeAsync(context.Request, target);
        if (!HttpMethods.IsGet(context.Request.Method) && Faults.TakeLostAnswer())
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, code, answer);
    }

    private async Task<JsonObject> ReadAsync(HttpContext context, Target target, bool metadataOnly)
    {
        if (target.Name is not { } name)
        {
            return await reads.ListAsync(context.Request, target.Resource, target.Namespace, metadataOnly);
        }

        var found = store.Get(target.Resource, target.Key)?.Object ?? throw ApiError.NotFound(target.Resource, name);
        return metadataOnly ? Reads.Partial(found) : found;
    }

    private async Task<(int Code, JsonObject Answer)> ChangeAsync(HttpRequest request, Target target)
    {
        var (resource, ns, sub) = (target.Resource, target.Namespace ?? "", target.Subresource);
        var body = request.ContentLength == 0 ? new JsonObject() : await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) ?? new JsonObject();
        var manager = request.Query["fieldManager"].FirstOrDefault() ?? request.Headers.UserAgent.ToString().Split('/')[0];
        switch (request.Method, request.ContentType?.Split(';')[0])
        {
            case ("POST", _) when target.Name is null:
                return (201, writes.Create(resource, ns, body.AsObject(), manager));
            case ("DELETE", _) when target.Name is { } name:
                return (200, writes.Delete(resource, ns, name, body.AsObject()));
            case ("PATCH", "application/apply-patch+yaml") when target.Name is { } name:
                var isNew = store.Get(resource, target.Key) is null;
                var self = new FieldOwnership.Owner(request.Query["fieldManager"].FirstOrDefault() ?? throw ApiError.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"), sub, true);
                return (isNew ? 201 : 200, writes.Apply(resource, ns, name, sub, body.AsObject(), self, request.Query["force"] == "true"));
            case ("PATCH", "application/json-patch+json") when target.Name is { } name:
                return (200, writes.Patch(resource, ns, name, sub, live => Patches.Json(live, body.AsArray()), manager));
            case ("PATCH", "application/merge-patch+json") when target.Name is { } name:
                return (200, writes.Patch(resource, ns, name, sub, live => Patches.Merge(live, body.AsObject()), manager));
            case ("PATCH", _) when target.Name is not null:
                throw new ApiError(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
            default:
                throw new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
    }

    private static async Task WriteAsync(HttpContext context, int code, JsonObject json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }
}
