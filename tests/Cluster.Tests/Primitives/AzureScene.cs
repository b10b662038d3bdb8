using System.Net.Http.Headers;
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

    private const string Vault = "acme-keys";
    private const string Key = "acme";
    private const string Role = "Key Vault Crypto Service Encryption User";

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
    public void CreateKey()
    {
        var azure = cloud.Admin.Azure;
        azure.CreateVault(Vault);
        azure.CreateKey(Vault, Key);
        azure.AddRole(azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!, Role,
            $"{azure.VaultId(Vault)}/keys/{Key}");
    }

    /// <summary>The key, the store and the Secret that a story applies.</summary>
    public static string Manifests(string space, int shards) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{Secret}}, namespace: {{OperatorManifests.Namespace}}}
        stringData:
          AZURE_TENANT_ID: {{LocalCloudAzure.PlatformTenant}}
          AZURE_CLIENT_ID: {{LocalCloudAzure.PlatformAdminClientId}}
          AZURE_CLIENT_SECRET: {{LocalCloudAzure.PlatformAdminSecret}}
        ---
        apiVersion: byok.dev/v1alpha1
        kind: TenantEncryptionKey
        metadata: {name: key, namespace: {{space}}}
        spec:
          state: Active
          revocation: {probeInterval: 2s, maxStaleness: 5m}
          azureKeyVault:
            vaultUri: {{LocalCloudAzure.Vault(Vault).ToString().TrimEnd('/')}}
            keyName: {{Key}}
            tenantId: {{LocalCloudAzure.Tenant}}
            clientId: {{LocalCloudAzure.AppClientId}}
        ---
        apiVersion: byok.dev/v1alpha1
        kind: EncryptedStore
        metadata: {name: store, namespace: {{space}}}
        spec:
          keyRef: {name: key}
          azure: {subscriptionId: {{LocalCloudAzure.PlatformSubscription}}, resourceGroup: {{LocalCloudAzure.ResourceGroup}}, location: {{LocalCloudAzure.Location}}}
          shared:
            azure: {accountName: {{Account}}, container: {{Container}}, prefix: acme/}
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
        var (account, rest) = (address[..address.IndexOf('/', StringComparison.Ordinal)],
            address[(address.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        using var request = new HttpRequestMessage(method,
            new Uri(LocalCloudAzure.Blob(account), rest)) { Content = body is null ? null
                : new ByteArrayContent(body) };
        var token = await administrator.GetTokenAsync(new TokenRequestContext(["https://storage.azure.com/.default"]),
            CancellationToken.None);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        request.Headers.Add("x-ms-version", "2023-11-03");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.IsSuccessStatusCode ? answer
            : throw new HttpRequestException(
                $"{method} {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public void Dispose()
    {
        http.Dispose();
        File.Delete(tokenFile);
    }
}
