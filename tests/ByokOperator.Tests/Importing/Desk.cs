using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Tests;
using ByokOperator.Api;
using ByokOperator.Hosting;
using Cluster.Tests.Primitives;
using ImportProbe;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace ByokOperator.Tests.Importing;

/// <summary>The import API on a loopback port, with an API server behind it and two tenants in it.</summary>
internal sealed class Desk : IAsyncDisposable
{
    public static readonly ObjectKey Acme = new("acme", "main");
    public static readonly ObjectKey Beta = new("beta", "main");

    private readonly CancellationTokenSource stop = new();
    private readonly ILoggerFactory logs;
    private readonly ImportApi api;
    private readonly Task running;

    private Desk(Keyring ring, ServingOptions options, int bits, int mostPerDay)
    {
        Ring = ring;
        logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(Heard));
        var requests = new RequestOptions { Namespace = Keyring.Namespace, MostPerDay = mostPerDay };
        Requests = new ImportRequests(ring.Kube, requests, ring.Platform, ring.Time);
        Redeemer = new RequestRedeemer(ring.Kube, requests, ring.Platform, ring.Time);
        api = new ImportApi(ring.Kube, new ImportTargets(ring.Kube),
            new ImportApiOptions
            {
                Serving = options,
                Requests = requests,
                Wrapping = ring.Platform.Options,
                KeyPool = 2,
                KeyPairs = MadePairs.Of(bits),
            }, ring.Time, logs);
        running = Task.WhenAll(api.Server.RunAsync(stop.Token), api.Pool.RunAsync(stop.Token));
    }

    public Keyring Ring { get; }

    public Heard Heard { get; } = new();

    /// <summary>As the controllers have them.</summary>
    public ImportRequests Requests { get; }

    /// <summary>Another replica's.</summary>
    public RequestRedeemer Redeemer { get; }

    public ImportServer Server => api.Server;

    public HttpClient Http { get; private set; } = new();

    /// <summary>Each of its own tenant, enterprise <c>dave</c> for acme and <c>erin</c> for beta.</summary>
    public string AcmeKey { get; private set; } = "";

    public string BetaKey { get; private set; } = "";

    public static async Task<Desk> OpenAsync(
        Func<ServingOptions, ServingOptions>? change = null, int bits = 2048, bool allowLegacy = false,
        int mostPerDay = 200)
    {
        var ring = await Keyring.ReadyAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
        {
            ring.Server.RegisterDefinitions(await File.ReadAllTextAsync(file));
        }

        var options = new ServingOptions { Listen = "127.0.0.1:0" };
        var desk = new Desk(ring, change?.Invoke(options) ?? options, bits, mostPerDay);
        await ring.Kube.Api<NamespaceObject>()
            .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = Acme.Namespace } },
                CancellationToken.None);
        await ring.Kube.Api<NamespaceObject>()
            .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = Beta.Namespace } },
                CancellationToken.None);
        desk.AcmeKey = await desk.EnrolAsync("dave", Acme);
        desk.BetaKey = await desk.EnrolAsync("erin", Beta);
        await desk.WantAsync(Acme, allowLegacy);
        await desk.WantAsync(Beta, allowLegacy);
        desk.Http.Dispose();
        desk.Http = new HttpClient(
            new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback =
                    HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            })
        {
            BaseAddress = new Uri(await desk.Server.Listening.WaitAsync(LastResort.Timeout)),
        };
        return desk;
    }

    /// <summary>Another process serves from here on.</summary>
    public void TalkTo(Uri address)
    {
        Http.Dispose();
        Http = new HttpClient { BaseAddress = address };
    }

    public Task<string> EnrolAsync(string enterprise, ObjectKey key, DateTimeOffset? expiresAt = null) =>
        EnrolledKey.MakeAsync(Ring.Kube, Keyring.Namespace, enterprise, key, expiresAt);

    /// <summary>What a person writes into Git.</summary>
    public Task WantAsync(
        ObjectKey key, bool allowLegacy = false, string wrapping = WrappingModes.ImportRequest,
        WrappedKeyReference? from = null) =>
        Ring.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    Imported = new ImportedSource
                    {
                        Aws = new AwsImport { Regions = ["eu-west-1"] },
                        Wrapping = wrapping,
                        AllowLegacyWrapping = allowLegacy,
                        WrappedKeyFrom = from,
                    },
                },
            },
            "kubectl", CancellationToken.None);

    public Task<HttpResponseMessage> AskAsync(
        string? apiKey, string path = "/!/ems/enterprises/dave/cmk/import-key-request") =>
            SendAsync(HttpMethod.Put, path, apiKey, null);

    public Task<HttpResponseMessage> UploadAsync(
        string? apiKey, string json, string path = "/!/ems/enterprises/dave/cmk/import-key") =>
        SendAsync(HttpMethod.Post, path, apiKey, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> UploadAsync(string token, byte[] wrapped) =>
        UploadAsync(AcmeKey, Body(token, wrapped));

    public static string Body(string token, byte[] wrapped) =>
        new JsonObject { ["importToken"] = token, ["keyMaterial"] = Convert.ToBase64String(wrapped) }.ToJsonString();

    /// <summary>A request that was granted: its token and its public key.</summary>
    public async Task<(string Token, RSA PublicKey)> GrantedAsync()
    {
        using var answer = await AskAsync(AcmeKey);
        var json = await JsonAsync(answer, 200);
        var key = RSA.Create();
        key.ImportFromPem((string)json["publicKey"]!);
        return ((string)json["importToken"]!, key);
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The problem's word, having checked its form.</summary>
    public static async Task<string> ProblemAsync(HttpResponseMessage answer, int status)
    {
        using (answer)
        {
            var json = await JsonAsync(answer, status);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            ((int)json["status"]!).ShouldBe(status);
            ((string)json["detail"]!).Length.ShouldBeGreaterThan(20);
            return ((string)json["type"]!)["urn:byok:problem:".Length..];
        }
    }

    public Task<Secret?> StoredAsync(string name = "main-import") =>
        Ring.Kube.Api<Secret>().TryGetAsync(new ObjectKey("acme", name), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        api.Dispose();
        logs.Dispose();
        stop.Dispose();
        await Ring.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? apiKey, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", apiKey);
        }

        return await Http.SendAsync(request);
    }
}
