namespace LocalCloud;

/// <summary>What a fresh Azure holds: two tenants with a subscription each, their administrators, and the platform's
/// application and identity.</summary>
public static class LocalCloudAzure
{
    public const string PlatformTenant = "11111111-1111-4111-8111-111111111111";
    public const string PlatformSubscription = "11111111-aaaa-4111-8111-111111111111";
    public const string Tenant = "22222222-2222-4222-8222-222222222222";
    public const string TenantSubscription = "22222222-aaaa-4222-8222-222222222222";
    public const string ResourceGroup = "byok";
    public const string Location = "westeurope";

    /// <summary>The platform's multi-tenant application: installed in <see cref="Tenant"/>,
    /// without a role there.</summary>
    public const string AppClientId = "33333333-3333-4333-8333-333333333333";

    /// <summary>The operator's user-assigned identity; Contributor,
    /// data owner and access administrator in the platform's subscription.</summary>
    public const string IdentityClientId = "44444444-4444-4444-8444-444444444444";
    public const string IdentityObjectId = "44444444-bbbb-4444-8444-444444444444";
    public const string IdentityResourceId =
        "/subscriptions/11111111-aaaa-4111-8111-111111111111/resourceGroups/byok/providers/Microsoft.ManagedIdentity/userAssignedIdentities/byok-operator";

    /// <summary>The cluster's token issuer, which the operator's identity trusts.</summary>
    public const string ClusterIssuer = "https://oidc.localcloud.test/cluster";
    public const string ServiceAccountSubject = "system:serviceaccount:byok-system:byok-operator";
    public const string TokenExchangeAudience = "api://AzureADTokenExchange";

    /// <summary>Owner and data administrator of the platform's subscription.</summary>
    public const string PlatformAdminClientId = "55555555-5555-4555-8555-555555555555";
    public const string PlatformAdminSecret = "local-platform-admin-secret";

    /// <summary>Owner and data administrator of the tenant's subscription.</summary>
    public const string TenantAdminClientId = "66666666-6666-4666-8666-666666666666";
    public const string TenantAdminObjectId = "66666666-bbbb-4666-8666-666666666666";
    public const string TenantAdminSecret = "local-tenant-admin-secret";

    public static Uri Authority { get; } = new("https://login.microsoftonline.com/");

    public static Uri ResourceManager { get; } = new("https://management.azure.com/");

    public static Uri Vault(string name) => new($"https://{name}.vault.azure.net/");

    public static Uri Blob(string account) => new($"https://{account}.blob.core.windows.net/");
}
