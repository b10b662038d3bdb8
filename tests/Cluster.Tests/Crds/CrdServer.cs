using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>
/// A modern server of custom resources with CEL, spoken to as kubectl does: YAML by server-side apply with strict
/// fields. Our own client is not used, so that a fault of it can't hide one of a schema.
/// </summary>
public sealed class CrdServer : IAsyncLifetime
{
    private const string Variable = "BYOK_TEST_CRDSERVER_KUBECONFIG";

    /// <summary>A definition is served a moment after it is established;
    /// until then the server says 404 or 429.</summary>

    private HttpClient? http;

    public static string? Kubeconfig =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    public async ValueTask InitializeAsync()
    {
        if (Kubeconfig is null)
        {
            return;
        }

        http = Connect(Yaml.Parse(await File.ReadAllTextAsync(Kubeconfig)).Single());
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("crds"), "*.yaml"))
        {
            var text = await File.ReadAllTextAsync(file);
            var name = (string)Yaml.Parse(text).Single()["metadata"]!["name"]!;
            var answer = await ApplyAsync($"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}", text);
            Assert.True(answer.IsSuccess, $"{file}: {answer.Text}");
            await UntilServedAsync(name.Split('.')[0]);
        }
    }

    public ValueTask DisposeAsync()
    {
        http?.Dispose();
        return ValueTask.CompletedTask;
    }

    public static void SkipWithoutServer() =>
        Assert.SkipWhen(Kubeconfig is null, $"{Variable} names no kubeconfig of a server with CEL");

    public static string PathOf(JsonObject manifest, string space) =>
        (string)manifest["kind"]! switch
        {
            "Tenant" => "/apis/byok.dev/v1alpha1/tenants/",
            "TenantEncryptionKey" => $"/apis/byok.dev/v1alpha1/namespaces/{space}/tenantencryptionkeys/",
            _ => $"/apis/byok.dev/v1alpha1/namespaces/{space}/encryptedstores/",
        } + manifest["metadata"]!["name"];

    public Task<Answer> ApplyAsync(string path, string yaml, bool dryRun = false) =>
        SendAsync(HttpMethod.Patch,
            $"{path}?fieldManager=tests&force=true&fieldValidation=Strict{(dryRun ? "&dryRun=All" : "")}",
            new StringContent(yaml, Encoding.UTF8, "application/apply-patch+yaml"));

    public Task<Answer> GetAsync(string path, string accept = "application/json") =>
        SendAsync(HttpMethod.Get, path, null, accept);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    private async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? body, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Accept.ParseAdd(accept);
        using var response = await http!.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task UntilServedAsync(string plural)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(50))
        {
            var answer = await GetAsync($"/apis/byok.dev/v1alpha1/{plural}");
            if (answer.IsSuccess)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < LastResort.Timeout,
                $"{plural} are not served: {answer.Text}");
        }
    }

    private static HttpClient Connect(JsonNode config)
    {
        var cluster = config["clusters"]![0]!["cluster"]!;
        var user = config["users"]![0]!["user"]!;
        var authority = Certificates(cluster, "certificate-authority")!;
        using var pair = X509Certificate2.CreateFromPem(PemOf(user, "client-certificate"), PemOf(user, "client-key"));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null)],
                CertificateChainPolicy = Policy(authority),
            },
        };
        return new(handler)
        {
            BaseAddress = new((string)cluster["server"]!),
            DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("crd-tests", "1") } },
        };
    }

    private static X509ChainPolicy Policy(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    private static X509Certificate2 Certificates(JsonNode part, string field) =>
        X509Certificate2.CreateFromPem(PemOf(part, field));

    /// <summary>Either beside the kubeconfig or inside it.</summary>
    private static string PemOf(JsonNode part, string field) =>
        part[field] is { } path
            ? File.ReadAllText(Path.Combine(Path.GetDirectoryName(Kubeconfig)!, (string)path!))
            : Encoding.UTF8.GetString(Convert.FromBase64String((string)part[$"{field}-data"]!));

    public sealed record Answer(HttpStatusCode Code, string Text)
    {
        public bool IsSuccess => (int)Code is >= 200 and < 300;

        public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

        public string Message => (string?)Json["message"] ?? "";
    }
}
