using LocalCloud.Tests.Azure.Arm;

namespace LocalCloud.Tests.Azure.Blob;

/// <summary>Accounts as these tests need them.</summary>
internal static class BlobFixtures
{
    /// <summary>With shared keys and a container <c>data</c>, under Microsoft's key.</summary>
    public static string NewAccount(this AzureFixture cloud)
    {
        var account = cloud.Name("account");
        cloud.Admin.CreateAccount(account);
        cloud.Admin.CreateContainer(account, "data");
        return account;
    }

    /// <summary>The same under a key of the tenant's, across tenants; its vault has the same name.</summary>
    public static string NewLockedAccount(this AzureFixture cloud)
    {
        var account = cloud.NewAccount();
        cloud.Admin.CreateVault(account);
        cloud.Admin.CreateKey(account, "acme");
        cloud.Admin.AddRole(cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(account));
        cloud.Admin.EncryptAccount(account, LocalCloudAzure.Vault(account), "acme",
            federatedClientId: LocalCloudAzure.AppClientId);
        return account;
    }

    public static ArmWire Arm(this AzureFixture cloud) => new(cloud, cloud.Operator);

    public static string Read(this AzureFixture cloud, string account, string path) =>
        SharedKey.ServiceSas(account, cloud.Admin.AccountKey(account), path, "r", DateTimeOffset.UtcNow.AddHours(1));

    /// <summary>A URL that anybody may read.</summary>
    public static string Source(this AzureFixture cloud, string account, string path, string more = "") =>
        $"{LocalCloudAzure.Blob(account)}{path}?{(more.Length > 0 ? more + "&" : "")}{cloud.Read(account, path.Split('/')[0])}";
}
