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

/// <summary>An apiserver on a loopback port: plain HTTP, faithful where it answers at all. Who acts as a service
/// account has its rights; everybody else may everything.</summary>
public sealed class FakeApiServerHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ApiServerCore core = new(TimeProvider.System, () => Guid.NewGuid().ToString());
    private readonly Reads reads;
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, int> lists = new();

    private FakeApiServerHost(int port, TimeSpan bookmarkInterval)
    {
        reads = new Reads(core.Store, Faults, bookmarkInterval);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
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
            as: {user}

        """;

    /// <summary>Requests so far by verb and plural, for example <c>PATCH configmaps</c> or <c>WATCH jobs</c>.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>How many of the GETs asked for a list, by resource.</summary>
    public IReadOnlyDictionary<string, int> Lists => lists;

    public static async Task<FakeApiServerHost> StartAsync(
        int port = 0, TimeSpan? bookmarkInterval = null, CancellationToken cancellation = default)
    {
        var host = new FakeApiServerHost(port, bookmarkInterval ?? TimeSpan.FromSeconds(1));
        await host.app.StartAsync(cancellation);
        return host;
    }

    public void Register(Resource resource) => core.Catalog.Add(resource);

    /// <summary>Registers what CustomResourceDefinitions in YAML define,
    /// as <c>kubectl apply</c> of them would.</summary>
    public void RegisterDefinitions(string yaml) => core.RegisterDefinitions(yaml);

    /// <summary>Puts what manifests in YAML say, as <c>kubectl apply</c> of them would.</summary>
    public void Apply(string yaml) => core.Apply(yaml);

    /// <summary>Forgets old versions: what is behind gets 410.</summary>
    public void Compact() => core.Store.Compact();

    public async ValueTask DisposeAsync()
    {
        Faults.DropWatches();
        await app.DisposeAsync();
        Faults.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var isWatch = context.Request.Query["watch"] == "true";
        Asked?.Invoke(new ApiCall(UserOf(context.Request), context.Request.Method, context.Request.Path));
        try
        {
            var path = context.Request.Path.Value!.Trim('/').Split('/');
            if (Faults.TakeRefusal(context.Request.Method, context.Request.Path) is { } refusal)
            {
                context.Response.Headers.RetryAfter = refusal.RetryAfterSeconds is { } seconds ? $"{seconds}" : default;
                throw new ApiError(refusal.Code, refusal.Code == 429 ? "TooManyRequests"
                    : "InternalError", "asked for by a test");
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
        var request = await AskedAsync(context.Request, path);
        if (core.Discover(path) is { } document)
        {
            await WriteAsync(context, 200, Texts.Of(document));
            return;
        }

        var target = Target.Parse(path, core.Catalog);
        core.Rights.Demand(UserOf(context.Request), request, target, isWatch);
        counts.AddOrUpdate($"{(isWatch ? "WATCH" : request.Method)} {target.Resource.Plural}", 1,
            (_, count) => count + 1);
        if (isWatch && target.Name is null)
        {
            await reads.WatchAsync(context, target.Resource, target.Namespace, request.MetadataOnly);
            return;
        }

        if (request.Method == "GET" && target.Name is null)
        {
            lists.AddOrUpdate(target.Resource.Plural, 1, (_, count) => count + 1);
            await Task.Delay(Faults.PageDelay, context.RequestAborted);
        }

        var (code, answer) = core.Answer(request);
        if (request.Method != "GET" && Faults.TakeLostAnswer())
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, code, answer);
    }

    private static string UserOf(HttpRequest request) => request.Headers["Impersonate-User"].ToString();

    private static async Task<ApiRequest> AskedAsync(HttpRequest request, string[] path) =>
        new(request.Method, path, name => request.Query[name].FirstOrDefault())
        {
            ContentType = request.ContentType?.Split(';')[0],
            Agent = request.Headers.UserAgent.ToString().Split('/')[0],
            MetadataOnly = request.Headers.Accept.ToString()
                .Contains("as=PartialObjectMetadata", StringComparison.Ordinal),
            Body = HttpMethods.IsGet(request.Method) || request.ContentLength == 0 ? null
                : await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted),
        };

    private static Task WriteAsync(HttpContext context, int code, JsonObject json) =>
        WriteAsync(context, code, Texts.Of(json));

    private static async Task WriteAsync(HttpContext context, int code, byte[] json)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
