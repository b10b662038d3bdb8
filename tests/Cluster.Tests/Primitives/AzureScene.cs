using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using LocalCloud;

namespace Cluster.Tests.Primitives;

/// <summary>What stories on Azure share: replicas that reach a cloud of the test's own, a tenant's vault, blobs as the
/// platform's administrator sees them.</summary>
public sealed class AzureScene : IDisposable
{
    public const string Account = "platformbackups";
    public const string Container = "backups";

    /// <summary>What pods of the copy Job sign in with:
    /// in a cluster that is Azure's own they would have a token instead.</summary>
    public const string Secret = "byok-azure";

    /// <summary>Of the tenant's key named <c>key</c>.</summary>
    public const string Vault = "acme-keys";
    private const string Key = "acme";
    private const string Role = "Key Vault Crypto Service Encryption User";
    private const string Management = "https://management.azure.com/.default";

    private readonly LocalCloudServer cloud;
    private readonly HttpClient http;
    private readonly ClientSecretCredential administrator;
    private readonly string tokenFile = Path.Combine(Path.GetTempPath(), $"byok-cluster-token-{Guid.NewGuid():N}");

    public AzureScene(LocalCloudServer cloud)
    {
        this.cloud = cloud;
        var wire = cloud.NewAzureHandler();
        wire.MaxConnectionsPerServer = 16;
        http = new HttpClient(wire) { Timeout = TimeSpan.FromMinutes(5) };
        administrator = new ClientSecretCredential(
            LocalCloudAzure.PlatformTenant, LocalCloudAzure.PlatformAdminClientId, LocalCloudAzure.PlatformAdminSecret,
            new ClientSecretCredentialOptions { Transport = new HttpClientTransport(http) });
        File.WriteAllText(tokenFile, cloud.Admin.Azure.IssueClusterToken());
        cloud.Admin.Azure.CreateAccount(Account);
        cloud.Admin.Azure.CreateContainer(Account, Container);
    }

    /// <summary>A tenant's vault whose key lets the platform's application in.</summary>
    public void CreateKey(string vault = Vault)
    {
        var azure = cloud.Admin.Azure;
        azure.CreateVault(vault);
        azure.CreateKey(vault, Key);
        azure.AddRole(azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!, Role,
            $"{azure.VaultId(vault)}/keys/{Key}");
    }

    public void SwitchKey(string vault, bool on) => cloud.Admin.Azure.SetKeyEnabled(vault, Key, on);

    /// <summary>As a store shows it.</summary>
    public static string IdOf(string vault) => $"https://{vault}.vault.azure.net/keys/{Key}";

    public static string KeyManifest(string space, string name, string vault, string maxStaleness) => $$"""
        apiVersion: byok.dev/v1alpha1
        kind: TenantEncryptionKey
        metadata: {name: {{name}}, namespace: {{space}}}
        spec:
          state: Active
          revocation: {probeInterval: 2s, maxStaleness: {{maxStaleness}}}
          azureKeyVault:
            vaultUri: {{LocalCloudAzure.Vault(vault).ToString().TrimEnd('/')}}
            keyName: {{Key}}
            tenantId: {{LocalCloudAzure.Tenant}}
            clientId: {{LocalCloudAzure.AppClientId}}
        """;

    /// <summary>The key, the store and the Secret that a story applies.</summary>
    public static string Manifests(string space, int shards) => Manifests(space, FromShared(shards), "5m");

    /// <param name="space">Of key and store.</param>
    /// <param name="more">Fields of the store's spec besides its key and where it is.</param>
    /// <param name="maxStaleness">Of the key.</param>
    public static string Manifests(string space, string more, string maxStaleness) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Secret}}, namespace: {{OperatorManifests.Namespace}}}
        stringData:
          AZURE_TENANT_ID: {{LocalCloudAzure.PlatformTenant}}
          AZURE_CLIENT_ID: {{LocalCloudAzure.PlatformAdminClientId}}
          AZURE_CLIENT_SECRET: {{LocalCloudAzure.PlatformAdminSecret}}
        ---
        {{KeyManifest(space, "key", Vault, maxStaleness)}}
        ---
        apiVersion: byok.dev/v1alpha1
        kind: EncryptedStore
        metadata: {name: store, namespace: {{space}}}
        spec:
          keyRef: {name: key}
          azure: {subscriptionId: {{LocalCloudAzure.PlatformSubscription}}, resourceGroup: {{LocalCloudAzure.ResourceGroup}}, location: {{LocalCloudAzure.Location}}}
          {{more}}
        """;

    /// <summary>Of a store whose data moves in from the shared container.</summary>
    public static string FromShared(int shards) => $$"""
        shared: {azure: {accountName: {{Account}}, container: {{Container}}, prefix: acme/} }
          migration: {parallelism: {{shards}}}
        """;

    /// <summary>A replica outside the cluster, signed in as its pod would be.</summary>
    public ChildProcess Start(RealCluster cluster, params string[] arguments) => cluster.StartOperator(
        new Dictionary<string, string>
        {
            ["AZURE_TENANT_ID"] = LocalCloudAzure.PlatformTenant,
            ["AZURE_CLIENT_ID"] = LocalCloudAzure.IdentityClientId,
            ["AZURE_FEDERATED_TOKEN_FILE"] = tokenFile,
            ["BYOK_AZURE_IDENTITY_RESOURCE_ID"] = LocalCloudAzure.IdentityResourceId,
            ["BYOK_AZURE_IDENTITY_OBJECT_ID"] = LocalCloudAzure.IdentityObjectId,
            ["BYOK_AZURE_APPLICATION_CLIENT_ID"] = LocalCloudAzure.AppClientId,
            ["BYOK_AZURE_CA_PEM"] = cloud.AzureCertificatePem,
            ["HTTPS_PROXY"] = cloud.AzureProxyUrl.ToString().TrimEnd('/'),
            ["NO_PROXY"] = "localhost,127.0.0.1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
            ["AWS_ENDPOINT_URL"] = cloud.Url.AbsoluteUri,
            ["AWS_REGION"] = AwsScene.Region,
            ["AWS_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
        },
        [
            "--namespace", OperatorManifests.Namespace, "--listen", "127.0.0.1:0", "--image", RealCluster.OperatorImage,
            "--image-pull-policy", "Never",
            "--aws-operator-role", LocalCloudAccounts.OperatorRole, "--copy-host-network", "--copy-env-from-secret",
            Secret, "--copy-cpu", "10m", .. arguments,
        ]);

    /// <summary>Any request to a blob or container, as <c>account/container/name</c> with its query;
    /// a refusal throws.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, byte[]? body, params (string Name, string Value)[] headers)
    {
        var answer = await TrySendAsync(method, address, body, headers);
        return answer.IsSuccessStatusCode ? answer
            : throw new HttpRequestException(
                $"{method} {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The same; gives refusals too.</summary>
    public Task<HttpResponseMessage> TrySendAsync(
        HttpMethod method, string address, byte[]? body, params (string Name, string Value)[] headers)
    {
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        return AskAsync(method, new Uri(LocalCloudAzure.Blob(address[..slash]), address[(slash + 1)..]),
            "https://storage.azure.com/.default", body, [("x-ms-version", "2023-11-03"), .. headers]);
    }

    /// <summary>What Resource Manager says of an account, or of what is below it.</summary>
    public async Task<JsonNode> AccountAsync(string account, string below = "")
    {
        using var answer = await AskAsync(HttpMethod.Get, Manage(account, below), Management, null, []);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    /// <summary>The shared account keeps versions from now on.</summary>
    public async Task KeepVersionsAsync()
    {
        using var answer = await AskAsync(HttpMethod.Put, Manage(Account, "/blobServices/default"), Management,
            """{"properties":{"isVersioningEnabled":true}}"""u8.ToArray(), []);
        answer.EnsureSuccessStatusCode();
    }

    private Uri Manage(string account, string below) =>
        new(LocalCloudAzure.ResourceManager,
            $"{cloud.Admin.Azure.AccountId(account)}{below}?api-version=2023-05-01");

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, Uri address, string scope, byte[]? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null
            : new ByteArrayContent(body) };
        if (scope == Management && body is not null)
        {
            request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var token = await administrator.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose()
    {
        http.Dispose();
        File.Delete(tokenFile);
    }
}
