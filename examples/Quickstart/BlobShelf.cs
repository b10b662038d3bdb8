using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using ByokOperator.Api;
using LocalCloud;

namespace Quickstart;

/// <summary>Containers of storage accounts, as the platform's administrator sees them.</summary>
internal sealed class BlobShelf : IShelf, IDisposable
{
    private const string Account = "platformbackups";
    private const string Container = "backups";
    private const string BlobVersion = "2023-11-03";

    /// <summary>Hundreds of handshakes at once would take longer than what they are for.</summary>
    private const int Connections = 16;

    private readonly LocalCloudServer cloud;
    private readonly HttpClient http;
    private readonly ClientSecretCredential administrator;

    public BlobShelf(LocalCloudServer cloud)
    {
        this.cloud = cloud;
        var wire = cloud.NewAzureHandler();
        wire.MaxConnectionsPerServer = Connections;
        http = new HttpClient(wire);
        administrator = new ClientSecretCredential(
            LocalCloudAzure.PlatformTenant, LocalCloudAzure.PlatformAdminClientId, LocalCloudAzure.PlatformAdminSecret,
            new ClientSecretCredentialOptions { Transport = new HttpClientTransport(http) });
    }

    public string Shared => $"{Account}/{Container}";

    public Task MakeSharedAsync()
    {
        cloud.Admin.Azure.CreateAccount(Account);
        cloud.Admin.Azure.CreateContainer(Account, Container);
        return Task.CompletedTask;
    }

    public async Task PutAsync(string name, string content)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Put, At(Shared, name)) { Content = new StringContent(content) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var answer = await SendAsync(request, "https://storage.azure.com");
        answer.EnsureSuccessStatusCode();
    }

    public async Task<int> CountAsync(string prefix) => Count(await ListedAsync(Shared, prefix));

    public EncryptedStoreSpec Place(EncryptedStoreSpec spec, string prefix) => spec with
    {
        Azure = new AzureStore
        {
            SubscriptionId = LocalCloudAzure.PlatformSubscription, ResourceGroup = LocalCloudAzure.ResourceGroup,
            Location = LocalCloudAzure.Location,
        },
        Shared = new SharedLocation
        {
            Azure = new AzureSharedLocation { AccountName = Account, Container = Container, Prefix = prefix },
        },
    };

    public async Task<string> EncryptionAsync(string place, string name)
    {
        using var look = new HttpRequestMessage(HttpMethod.Get,
            new Uri(LocalCloudAzure.ResourceManager,
                $"{cloud.Admin.Azure.AccountId(place.Split('/')[0])}?api-version=2023-05-01"));
        using var answer = await SendAsync(look, "https://management.azure.com");
        var encryption = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["properties"]!["encryption"]!;
        return $"{encryption["keySource"]} under {encryption["keyvaultproperties"]!["currentVersionedKeyIdentifier"]}";
    }

    public async Task<string> ListAsync(string place, string prefix)
    {
        using var answer = await AskAsync(place, prefix);
        return answer.IsSuccessStatusCode
            ? $"200 ({Count(await answer.Content.ReadAsStringAsync())} keys)"
            : $"{(int)answer.StatusCode} "
                + $"{string.Join(',', answer.Headers.TryGetValues("x-ms-error-code", out var code) ? code : [])}";
    }

    public void Dispose() => http.Dispose();

    private static Uri At(string place, string name) =>
        new(LocalCloudAzure.Blob(place.Split('/')[0]),
            $"{place.Split('/')[1]}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");

    private static int Count(string list) => list.Split("<Blob>").Length - 1;

    private async Task<string> ListedAsync(string place, string prefix)
    {
        using var answer = await AskAsync(place, prefix);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> AskAsync(string place, string prefix)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            new Uri(
                $"{At(place, "").ToString().TrimEnd('/')}?restype=container&comp=list&prefix={Uri.EscapeDataString(prefix)}"));
        return await SendAsync(request, "https://storage.azure.com");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string audience)
    {
        var token = await administrator.GetTokenAsync(new TokenRequestContext([$"{audience}/.default"]),
            CancellationToken.None);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        request.Headers.Add("x-ms-version", BlobVersion);
        return await http.SendAsync(request);
    }
}
