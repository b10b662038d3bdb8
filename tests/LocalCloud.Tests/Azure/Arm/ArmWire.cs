using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;

namespace LocalCloud.Tests.Azure.Arm;

/// <summary>Resource Manager's REST as a client writes it.</summary>
internal sealed class ArmWire(AzureFixture cloud, TokenCredential credential)
{
    public const string Group =
        $"/subscriptions/{LocalCloudAzure.PlatformSubscription}/resourceGroups/{LocalCloudAzure.ResourceGroup}";

    public static string Account(string name) => $"{Group}/providers/Microsoft.Storage/storageAccounts/{name}";

    public Task<AzureAnswer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<AzureAnswer> Put(string path, JsonObject body) => Send(HttpMethod.Put, path, body);

    public Task<AzureAnswer> Patch(string path, JsonObject body) => Send(HttpMethod.Patch, path, body);

    public Task<AzureAnswer> Post(string path, JsonObject? body = null) => Send(HttpMethod.Post, path, body ?? []);

    public Task<AzureAnswer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public async Task<AzureAnswer> Send(HttpMethod method, string path, JsonObject? body)
    {
        var uri = new Uri(LocalCloudAzure.ResourceManager, path);
        uri = uri.Query.Contains("api-version", StringComparison.Ordinal) ? uri
            : new Uri($"{uri}{(uri.Query.Length > 0 ? '&' : '?')}api-version=2024-01-01");
        using var request = new HttpRequestMessage(method, uri);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await AzureAnswer.Of(
            await cloud.SendAsync(credential, "https://management.azure.com/.default", request));
    }

    /// <summary>An account under Microsoft's key, or under a tenant's across tenants.</summary>
    public static JsonObject NewAccount(
        Uri? vault = null, string key = "acme", string version = "", string location = LocalCloudAzure.Location) =>
            new()
        {
            ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
            ["kind"] = "StorageV2",
            ["location"] = location,
            ["identity"] = new JsonObject
            {
                ["type"] = "UserAssigned",
                ["userAssignedIdentities"] = new JsonObject { [LocalCloudAzure.IdentityResourceId] = new JsonObject() },
            },
            ["properties"] = new JsonObject
            {
                ["minimumTlsVersion"] = "TLS1_2",
                ["allowSharedKeyAccess"] = false,
                ["encryption"] = vault is null ? new JsonObject { ["keySource"] = "Microsoft.Storage" }
                    : Encryption(vault, key, version),
            },
        };

    public static JsonObject Encryption(
        Uri vault, string key, string version = "", string? federated = LocalCloudAzure.AppClientId) => new()
    {
        ["keySource"] = "Microsoft.Keyvault",
        ["requireInfrastructureEncryption"] = true,
        ["services"] = new JsonObject
        {
            ["queue"] = new JsonObject { ["keyType"] = "Account" },
            ["table"] = new JsonObject { ["keyType"] = "Account" },
        },
        ["identity"] = new JsonObject
        {
            ["userAssignedIdentity"] = LocalCloudAzure.IdentityResourceId,
            ["federatedIdentityClientId"] = federated,
        },
        ["keyvaultproperties"] =
            new JsonObject { ["keyvaulturi"] = vault.ToString(), ["keyname"] = key, ["keyversion"] = version },
    };
}
