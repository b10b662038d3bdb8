namespace LocalCloud;

/// <summary>What a fresh cloud holds: two accounts, their roles, and an access key for each role.</summary>
public static class LocalCloudAccounts
{
    public const string Platform = "111111111111";
    public const string Tenant = "222222222222";

    public const string OperatorRole = "arn:aws:iam::111111111111:role/byok-operator";
    public const string OperatorAccessKey = "AKIALOCALOPERATOR";
    public const string OperatorSecret = "local-operator-secret";

    /// <summary>The platform's backup writers.</summary>
    public const string WorkloadRole = "arn:aws:iam::111111111111:role/byok-workload";
    public const string WorkloadAccessKey = "AKIALOCALWORKLOAD";
    public const string WorkloadSecret = "local-workload-secret";

    public const string PlatformAdminRole = "arn:aws:iam::111111111111:role/admin";
    public const string PlatformAdminAccessKey = "AKIALOCALPLATFORMADMIN";
    public const string PlatformAdminSecret = "local-platform-admin-secret";

    public const string TenantAdminRole = "arn:aws:iam::222222222222:role/admin";
    public const string TenantAdminAccessKey = "AKIALOCALTENANTADMIN";
    public const string TenantAdminSecret = "local-tenant-admin-secret";

    /// <summary>A role of the tenant's that the operator may assume when it shows
    /// <see cref="TenantExternalId"/>.</summary>
    public const string TenantAccessRole = "arn:aws:iam::222222222222:role/byok-access";
    public const string TenantExternalId = "acme-external-id";
}
