using System.Text.Json.Nodes;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Admin;

public sealed partial class AzureAdmin
{
    /// <summary>Azure Policy denies writes of a type, in one location or everywhere.</summary>
    /// <param name="policy">Its name.</param>
    /// <param name="resourceType">Such as <c>Microsoft.Storage/storageAccounts</c>.</param>
    /// <param name="location">Null: everywhere.</param>
    /// <param name="property">Only writes that name this property; null: all.</param>
    public void DenyByPolicy(string policy, string resourceType, string? location = null, string? property = null) =>
        azure.Policies.Deny(policy, resourceType, location, property);

    /// <summary>A management lock on a group or a resource: ReadOnly, or CanNotDelete.</summary>
    public void Lock(string scope, bool isReadOnly) => azure.Locks.Add(scope, isReadOnly);

    public bool Unlock(string scope) => azure.Locks.Remove(scope);

    /// <summary>An approved connection of a private endpoint: requests that name it in
    /// <c>x-localcloud-private-endpoint</c> come by it.</summary>
    public void ConnectPrivately(string account, string connection) =>
        Account(account).Connections[connection] = new PrivateConnection(connection, "Approved", "");

    /// <returns><c>Approved</c>, <c>Rejected</c> or <c>Pending</c>; null where there is none.</returns>
    public string? PrivateConnectionOf(string account, string connection) =>
        Account(account).Connections.GetValueOrDefault(connection)?.Status;

    public bool RemovePolicy(string policy) => azure.Policies.Allow(policy);

    /// <summary>The subscription may not use the location.</summary>
    public void ForbidLocation(string subscription, string location) => azure.Policies.Forbid(subscription, location);

    /// <summary>How many writes and reads a subscription may do at a stretch;
    /// fills up by 10 and 25 a second on the cloud's clock.</summary>
    public void SetArmBurst(int writes, int reads)
    {
        (azure.Budget.WriteBurst, azure.Budget.ReadBurst) = (writes, reads);
        azure.Budget.Reset();
    }

    /// <summary>An account without a request, in the platform's subscription: shared keys on,
    /// Microsoft's key.</summary>
    /// <param name="name">Free in all of Azure.</param>
    /// <param name="isHierarchical">It says so; its lists are as flat as any.</param>
    public void CreateAccount(string name, bool isHierarchical = false)
    {
        var group = azure.Subscriptions.FindGroup(LocalCloudAzure.PlatformSubscription, LocalCloudAzure.ResourceGroup)!;
        var account = new StorageAccount(name, group, group.Location, azure.Clock.GetUtcNow())
        {
            Head = new JsonObject { ["sku"] = new JsonObject { ["name"] = "Standard_LRS" }, ["kind"] = "StorageV2" },
        };
        account.Put(
            Arm.StorageDocument.Merge(account, isHierarchical ? new JsonObject { ["isHnsEnabled"] = true }
                : [], isNew: true));
        if (!azure.Accounts.TryAdd(account))
        {
            throw new ArgumentException($"there is an account {name} already", nameof(name));
        }
    }

    /// <summary>Puts an account under a tenant's key as ARM would, without a request.</summary>
    public void EncryptAccount(
        string account, Uri vault, string key, string version = "", string? federatedClientId = null)
    {
        var found = Account(account);
        var properties = (JsonObject)found.Properties.DeepClone();
        properties["encryption"]!["keySource"] = "Microsoft.Keyvault";
        properties["encryption"]!["identity"] = new JsonObject
        {
            ["userAssignedIdentity"] = LocalCloudAzure.IdentityResourceId,
            ["federatedIdentityClientId"] = federatedClientId,
        };
        azure.KeyLink.Bind(found,
            new AccountEncryption(vault.ToString(), key, version,
                LocalCloudAzure.IdentityResourceId) { FederatedClientId = federatedClientId });
        found.Put(properties);
    }

    public string AccountId(string account) => Account(account).Id;

    /// <summary>An account's shared key, in Base64.</summary>
    public string AccountKey(string account, string name = "key1") =>
        Convert.ToBase64String(Account(account).Keys.First(key => key.Name == name).Value);

    private StorageAccount Account(string name) =>
        azure.Accounts.Find(name) ?? throw new ArgumentException($"no such account: {name}", nameof(name));
}
