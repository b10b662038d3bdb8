using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Stores;
using Cloud.Tests.Azure.Objects;
using LocalCloud;

namespace Cloud.Tests.Azure.Stores;

/// <summary>Stores of one tenant on one Azure: specs under the tenant's key, shared containers,
/// and the wire beside the adapter.</summary>
internal sealed class AzureStores(AzureStand stand, AzureCloud cloud)
{
    public static readonly KeyTenancy Tenancy = new(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId);

    private const string Scope = $"{LocalCloudAzure.PlatformSubscription}/{LocalCloudAzure.ResourceGroup}";

    public IObjectStores Stores => cloud.Stores;

    /// <summary>A vault with a key that our application may use, and a store that is to stand under it.</summary>
    public StoreSpec NewSpec(bool hasRole = true, bool purgeProtection = true, int keySize = 2048)
    {
        var vault = stand.Name("vault");
        stand.Admin.CreateVault(vault, purgeProtection);
        var key = stand.Admin.CreateKey(vault, "acme", keySize);
        if (hasRole)
        {
            stand.Admin.AddRole(stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
                "Key Vault Crypto Service Encryption User", stand.Admin.VaultId(vault));
        }

        return Spec(new KeyRef(KeyRef.AnyRegion, key.ToString()) { Cloud = CloudKind.Azure, Tenancy = Tenancy });
    }

    public StoreSpec Spec(KeyRef key, string? account = null) =>
        new(Store(account ?? stand.Name("store"), "data"), Guid.NewGuid().ToString(), key, BucketKey: false,
            Versioned: false) { Workloads = DataPrincipal.Nobody };

    public static StoreRef Store(string account, string container) =>
        new("westeurope", $"{account}/{container}") { Cloud = CloudKind.Azure, Scope = Scope };

    public SharedRef NewShared(string prefix = "acme/")
    {
        var account = stand.Name("shared");
        stand.Admin.CreateAccount(account);
        stand.Admin.CreateContainer(account, "backups");
        return new SharedRef(Store(account, "backups"), prefix);
    }

    /// <summary>The account as Resource Manager tells it.</summary>
    public async Task<JsonObject> AccountAsync(StoreSpec spec)
    {
        var reply = await SendAsync(RequestMethod.Get, spec, body: null);
        return JsonNode.Parse(reply.Body.ToMemory().Span)!.AsObject();
    }

    public async Task ChangeAsync(StoreSpec spec, string body)
    {
        var reply = await SendAsync(RequestMethod.Patch, spec, body);
    }

    /// <summary>Somebody of the platform rejects a private endpoint's connection.</summary>
    public async Task RejectAsync(StoreSpec spec, string connection)
    {
        var reply = await SendAsync(
            RequestMethod.Put, spec,
            """{"properties":{"privateLinkServiceConnectionState":{"status":"Rejected","description":"not wanted"}}}""",
            $"/privateEndpointConnections/{connection}");
    }

    /// <summary>Somebody of the platform makes something in another of the account's services.</summary>
    public Task MakeBesideAsync(StoreSpec spec, string what) => SendAsync(RequestMethod.Put, spec, "{}", $"/{what}");

    public Task TakeBesideAsync(StoreSpec spec, string what) =>
        SendAsync(RequestMethod.Delete, spec, body: null, $"/{what}");

    /// <summary>Soft delete of the account that the container lies in.</summary>
    public async Task KeepDeletedAsync(SharedRef shared, int days)
    {
        var account = stand.Admin.AccountId(shared.Store.Name.Split('/')[0]);
        var call = new AzureCall(
            "arm:Test", RequestMethod.Put,
            new Uri($"https://management.azure.com{account}/blobServices/default?api-version={AzureVersions.Storage}"),
            AzureAudience.ResourceManager)
        {
            Headers = [("Content-Type", "application/json")],
            Body = System.Text.Encoding.UTF8.GetBytes(
                $$$$"""{"properties":{"deleteRetentionPolicy":{"enabled":true,"days":{{{{days}}}}}}}"""),
        };
        await cloud.Caller.SendAsync(call, CancellationToken.None);
    }

    /// <summary>What a workload with a right to it gets.</summary>
    /// <param name="store">Where.</param>
    /// <param name="blob">Its name.</param>
    /// <param name="content">What it says.</param>
    /// <param name="via">The private endpoint's connection that it comes by; null: the internet.</param>
    /// <param name="resource">The resource instance that it is; null: none.</param>
    public async Task<int> PutBlobAsync(
        StoreRef store, string blob, string content = "x", string? via = null, string? resource = null)
    {
        var call = new AzureCall("blob:PutBlob", RequestMethod.Put, Blob(store, blob), AzureAudience.Storage)
        {
            Headers =
            [
                BlobWorld.Version,
                ("x-ms-blob-type", "BlockBlob"),
                .. via is null ? [] : new[] { ("x-localcloud-private-endpoint", via) },
                .. resource is null ? [] : new[] { ("x-localcloud-resource", resource) },
            ],
            Body = System.Text.Encoding.UTF8.GetBytes(content),
            Accepts = [400, 403, 404, 409, 412],
        };
        var reply = await cloud.Caller.SendAsync(call, CancellationToken.None);
        return reply.Status;
    }

    public async Task<int> DeleteBlobAsync(StoreRef store, string blob, string? lease = null)
    {
        var call = new AzureCall("blob:DeleteBlob", RequestMethod.Delete, Blob(store, blob), AzureAudience.Storage)
        {
            Headers = lease is null ? [BlobWorld.Version] : [BlobWorld.Version, ("x-ms-lease-id", lease)],
            Accepts = [403, 404, 409, 412],
        };
        var reply = await cloud.Caller.SendAsync(call, CancellationToken.None);
        return reply.Status;
    }

    public async Task<int> LeaseAsync(StoreRef store, string blob)
    {
        var call = new AzureCall("blob:LeaseBlob", RequestMethod.Put, new($"{Blob(store, blob)}?comp=lease"),
            AzureAudience.Storage)
        {
            Headers = [BlobWorld.Version, ("x-ms-lease-action", "acquire"), ("x-ms-lease-duration", "-1")],
            Body = ReadOnlyMemory<byte>.Empty,
        };
        var reply = await cloud.Caller.SendAsync(call, CancellationToken.None);
        return reply.Status;
    }

    private static Uri Blob(StoreRef store, string blob) =>
        new(LocalCloudAzure.Blob(store.Name.Split('/')[0]), $"{store.Name.Split('/')[1]}/{blob}");

    private Task<AzureReply> SendAsync(RequestMethod method, StoreSpec spec, string? body, string below = "")
    {
        var id =
            $"/subscriptions/{LocalCloudAzure.PlatformSubscription}/resourceGroups/byok/providers/Microsoft.Storage/storageAccounts/{spec.Store.Name.Split('/')[0]}";
        var call = new AzureCall("arm:Test", method,
            new Uri($"https://management.azure.com{id}{below}?api-version=2023-05-01"), AzureAudience.ResourceManager);
        return cloud.Caller.SendAsync(body is null ? call
            : call with
            {
                Body = System.Text.Encoding.UTF8.GetBytes(body),
                Headers = [("Content-Type", "application/json")],
            }, CancellationToken.None);
    }
}
