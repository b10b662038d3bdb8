using Azure.Core;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Contract;
using LocalCloud;
using Shouldly;

namespace Cloud.Tests.Azure.Objects;

/// <summary>Accounts on an Azure of loopback, and the operator's data plane on them.</summary>
internal sealed class BlobWorld(AzureStand stand, AzureCloud cloud) : IObjectWorld
{
    private const string Role = "Key Vault Crypto Service Encryption User";
    private const string Scope = LocalCloudAzure.PlatformSubscription + "/" + LocalCloudAzure.ResourceGroup;
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Workloads write their requests themselves.</summary>
    public static readonly (string, string) Version = ("x-ms-version", "2023-11-03");

    public BlobWorld(AzureStand stand)
        : this(stand, stand.Cloud)
    {
    }

    public IObjectData Objects => cloud.Objects;

    public async Task<SharedRef> SharedAsync(bool versioned = false) => new(await AccountAsync(versioned), "acme/");

    public async Task<StoreSpec> StoreAsync(bool versioned = false)
    {
        var store = await AccountAsync(versioned);
        var vault = stand.Name("vault");
        stand.Admin.CreateVault(vault);
        stand.Admin.CreateKey(vault, "acme");
        var app = stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;
        stand.Admin.AddRole(app, Role, stand.Admin.VaultId(vault));
        stand.Admin.EncryptAccount(AccountOf(store), LocalCloudAzure.Vault(vault), "acme",
            federatedClientId: LocalCloudAzure.AppClientId);
        var key = new KeyRef(KeyRef.AnyRegion, $"{LocalCloudAzure.Vault(vault)}keys/acme") { Cloud = CloudKind.Azure };
        return new StoreSpec(store, $"uid-{store.Name}", key, BucketKey: false, versioned);
    }

    public Task PutAsync(StoreRef store, string key, string content) => PutAsync(store, key, content, []);

    public async Task PutAsync(StoreRef store, string key, string content, IReadOnlyList<(string, string)> headers) =>
        await SendAsync(
            RequestMethod.Put, Address(store, key), System.Text.Encoding.UTF8.GetBytes(content),
            [.. headers, ("x-ms-blob-type", "BlockBlob")]);

    public Task DisableAsync(KeyRef key)
    {
        stand.Admin.SetKeyEnabled(new Uri(key.Id).Host.Split('.')[0], "acme", enabled: false);
        return Task.CompletedTask;
    }

    public async Task<AzureReply> SendAsync(
        RequestMethod method, string address, byte[] body, params (string, string)[] headers) =>
            await cloud.Caller.SendAsync(
            new AzureCall("blob:Test", method, new Uri(address), AzureAudience.Storage)
            {
                Headers = [.. headers, Version],
                Body = method == RequestMethod.Get ? null : body,
            }, None);

    public async Task<ObjectFacts> HeadAsync(StoreRef store, string key, string? versionId = null) =>
        (await Objects.HeadAsync(store, key, versionId, None)).ShouldNotBeNull();

    public async Task<string> TagsAsync(StoreRef store, string key) =>
        (await SendAsync(RequestMethod.Get, Address(store, key) + "?comp=tags", [])).Body.ToString();

    public static string Address(StoreRef store, string key) =>
        $"{LocalCloudAzure.Blob(AccountOf(store))}data/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    private async Task<StoreRef> AccountAsync(bool versioned)
    {
        var account = stand.Name("acct");
        stand.Admin.CreateAccount(account);
        stand.Admin.CreateContainer(account, "data");
        if (versioned)
        {
            var service = new Uri(
                $"https://management.azure.com{stand.Admin.AccountId(account)}/blobServices/default?api-version={AzureVersions.Storage}");
            await cloud.Caller.SendAsync(
                new AzureCall("arm:PutBlobService", RequestMethod.Put, service, AzureAudience.ResourceManager)
                {
                    Headers = [("Content-Type", "application/json")],
                    Body = """{"properties":{"isVersioningEnabled":true}}"""u8.ToArray(),
                },
                None);
        }

        return new StoreRef(LocalCloudAzure.Location, $"{account}/data") { Cloud = CloudKind.Azure, Scope = Scope };
    }

    private static string AccountOf(StoreRef store) => store.Name.Split('/')[0];
}
