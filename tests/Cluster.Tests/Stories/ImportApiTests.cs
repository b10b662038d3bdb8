using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>The import API under its own service account, with the rights that <c>examples/manifests/import-api</c>
/// gives it and the one binding of a tenant's namespace.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class ImportApiTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const string Home = "byok-import";
    private const string Account = "byok-import-api";

    /// <summary>All but what runs.</summary>
    private static readonly string[] Running = ["Deployment", "PodDisruptionBudget", "Service"];

    [Fact]
    public async Task
        With_its_own_rights_it_takes_a_key_where_the_platform_bound_it_and_reaches_nothing_of_the_operators()
    {
        await InstallAsync();
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var bound = await cluster.NamespaceAsync("import");
        await using var other = await cluster.NamespaceAsync("import");
        await cluster.Administrator.RunAsync("-n", bound.Name, "create", "rolebinding", Account,
            $"--clusterrole={Account}", $"--serviceaccount={Home}:{Account}");
        var own = new Kubectl(await ServiceAccountKubeconfig.CreateAsync(cluster.Administrator, Home, Account));
        var port = LoopbackPort.Free();
        await using var operating = cluster.StartOperator(cloud, "none", "--import-namespace", Home);
        await using var api = Programs.StartImportApi(own.Kubeconfig, "--namespace", Home, "--listen", "127.0.0.1:0",
            "--api-listen", $"127.0.0.1:{port}", "--key-pool", "1");

        using var program = await EnrolAsync(bound.Name, port);
        var request = await AskedAsync(program, api);
        using var pair = RSA.Create();
        pair.ImportFromPem((string)request["publicKey"]!);
        var material =
            Convert.ToBase64String(pair.Encrypt(RandomNumberGenerator.GetBytes(32), RSAEncryptionPadding.OaepSHA256));
        using var upload = new StringContent(
            new JsonObject
            {
                ["importToken"] = (string)request["importToken"]!,
                ["keyMaterial"] = material,
            }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await program.PostAsync("import", upload);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await cluster.Administrator.FindAsync("-n", bound.Name, "secret/key-import")).ShouldNotBeNull();

        using var unbound = await EnrolAsync(other.Name, port);
        using var refused = await unbound.PutAsync("import-request", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "the platform bound nothing there");

        await MayNotAsync(own, OperatorManifests.Namespace, "get secrets", "list secrets", "get configmaps",
            "patch configmaps", "get leases", "create jobs", "create pods");
        await MayNotAsync(own, other.Name, "get secrets", "create secrets", "get tenantencryptionkeys.byok.dev");
        await MayNotAsync(own, bound.Name, "list secrets", "delete secrets", "patch tenantencryptionkeys.byok.dev",
            "create rolebindings", "patch deployments");
        await MayNotAsync(own, Home, "delete secrets", "watch secrets", "patch configmaps", "create rolebindings");
    }

    private static async Task MayNotAsync(Kubectl own, string space, params string[] acts)
    {
        foreach (var act in acts)
        {
            (await own.MayAsync([.. act.Split(' '), $"--namespace={space}"])).ShouldBeFalse($"{act} in {space}");
        }
    }

    private async Task InstallAsync()
    {
        var rendered = Yaml.Parse(
            await cluster.Administrator.RunAsync("kustomize",
                Repository.PathTo("examples", "manifests", "import-api")));
        foreach (var manifest in rendered.Where(manifest => !Running.Contains((string?)manifest["kind"])))
        {
            await cluster.Administrator.ApplyAsync(manifest.ToJsonString());
        }
    }

    /// <summary>A key that wants an import by request, and the API key of the program that brings it.</summary>
    private async Task<HttpClient> EnrolAsync(string space, int port)
    {
        await cluster.Administrator.ApplyAsync($$$"""
            {"apiVersion": "byok.dev/v1alpha1", "kind": "TenantEncryptionKey", "metadata": {"name": "key", "namespace": "{{{space}}}"},
             "spec": {"state": "Standby", "imported": {"aws": {"regions": ["{{{AwsScene.Region}}}"]}, "wrapping": "ImportRequest"} } }
            """);
        var uid = (string)(await cluster.Administrator.GetAsync($"namespace/{space}"))["metadata"]!["uid"]!;
        var made = await Command.RunAsync(
            Programs.OperatorPath,
            ["apikey", "create", "--namespace", Home, "--enterprise", "dave", "--tenant-namespace", space,
                "--tenant-namespace-uid", uid, "--key", "key"]);
        await cluster.Administrator.ApplyAsync(made.Require());
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1/namespaces/{space}/keys/key/") };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("ApiKey", made.Error.Trim().Split(' ')[^1]);
        return http;
    }

    /// <summary>Once the API listens and the operator's leader has made a wrapping key;
    /// an API that ended never will.</summary>
    private static async Task<JsonObject> AskedAsync(HttpClient program, ChildProcess api)
    {
        JsonObject? request = null;
        await Until.HoldsAsync("a request is granted", async () =>
        {
            api.HasExited.ShouldBeFalse(api.Log);
            using var answer = await program.PutAsync("import-request", null);
            var text = await answer.Content.ReadAsStringAsync();
            request = answer.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : null;
            return request is null ? text : null;
        });
        return request!;
    }
}
