using LocalCloud.Azure.Entra;
using LocalCloud.Azure.Roles;

namespace LocalCloud.Azure;

/// <summary>What <see cref="LocalCloudAzure"/> promises.</summary>
internal static class AzureSeed
{
    private const string PlatformAdminObjectId = "55555555-bbbb-4555-8555-555555555555";
    private const string AppObjectId = "33333333-bbbb-4333-8333-333333333333";

    public static void Into(AzureCloud cloud)
    {
        var directory = cloud.Directory;
        AddAdmin(cloud,
            (LocalCloudAzure.PlatformAdminClientId, PlatformAdminObjectId, LocalCloudAzure.PlatformAdminSecret),
            LocalCloudAzure.PlatformTenant, LocalCloudAzure.PlatformSubscription);
        AddAdmin(cloud,
            (LocalCloudAzure.TenantAdminClientId, LocalCloudAzure.TenantAdminObjectId,
                LocalCloudAzure.TenantAdminSecret), LocalCloudAzure.Tenant, LocalCloudAzure.TenantSubscription);

        var identity = new EntraApp(LocalCloudAzure.IdentityClientId,
            LocalCloudAzure.PlatformTenant) { IdentityResourceId = LocalCloudAzure.IdentityResourceId };
        identity.Trust(
            new FederatedCredential(LocalCloudAzure.ClusterIssuer, LocalCloudAzure.ServiceAccountSubject,
                LocalCloudAzure.TokenExchangeAudience));
        directory.Add(identity, LocalCloudAzure.IdentityObjectId);
        foreach (var role
            in new[] { "Contributor", "Storage Blob Data Owner", "Role Based Access Control Administrator" })
        {
            cloud.Roles.Add(Guid.NewGuid().ToString(), "/subscriptions/" + LocalCloudAzure.PlatformSubscription,
                BuiltInRoles.Find(role)!, LocalCloudAzure.IdentityObjectId, atOnce: true);
        }

        var app = new EntraApp(LocalCloudAzure.AppClientId, LocalCloudAzure.PlatformTenant) { MultiTenant = true };
        app.Trust(
            new FederatedCredential(TokenMint.V2Issuer(LocalCloudAzure.PlatformTenant),
                LocalCloudAzure.IdentityObjectId, LocalCloudAzure.TokenExchangeAudience));
        directory.Add(app, AppObjectId);
        directory.Install(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId);
        cloud.Issuers.Add(LocalCloudAzure.ClusterIssuer, SigningKey.Cluster);
    }

    private static void AddAdmin(
        AzureCloud cloud, (string ClientId, string ObjectId, string Secret) admin, string tenant, string subscription)
    {
        var app = new EntraApp(admin.ClientId, tenant);
        app.Secrets[admin.Secret] = DateTimeOffset.MaxValue;
        cloud.Directory.Add(app, admin.ObjectId);
        cloud.Subscriptions.Add(subscription, tenant);
        cloud.Subscriptions.AddGroup(subscription, LocalCloudAzure.ResourceGroup, LocalCloudAzure.Location);
        foreach (var role in new[] { "Owner", "Key Vault Administrator", "Storage Blob Data Owner" })
        {
            cloud.Roles.Add(Guid.NewGuid().ToString(), "/subscriptions/" + subscription, BuiltInRoles.Find(role)!,
                admin.ObjectId, atOnce: true);
        }
    }
}
