using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>Who is to be let in to which key, in the words of the tenant's steps.</summary>
/// <param name="TenantId">The tenant's directory.</param>
/// <param name="ClientId">Our application there.</param>
internal sealed record KeyAccess(VaultKeyId Key, string TenantId, string ClientId, AzureEnvironment Environment)
{
    /// <summary>Key Vault Crypto Service Encryption User: read, wrap and unwrap, and nothing else.</summary>
    public const string RoleId = "e147488a-f6f5-4113-8e2d-b22465e65bf6";

    public const string RoleName = "Key Vault Crypto Service Encryption User";

    /// <summary>The same where a vault goes by access policies, which are for all of its keys.</summary>
    public static readonly string[] Permissions = ["get", "wrapKey", "unwrapKey"];

    /// <summary>As <c>az cloud set</c> and <c>Connect-AzAccount</c> spell it.</summary>
    public string CloudName => Environment.Name switch
    {
        "usgovernment" => "AzureUSGovernment",
        "china" => "AzureChinaCloud",
        _ => "AzureCloud",
    };

    public static KeyAccess Of(KeyRef key, AzureOptions options) => new(
        VaultKeyId.Parse(key.Id),
        key.Tenancy?.TenantId ?? options.TenantId ?? "",
        key.Tenancy?.ClientId ?? options.ApplicationClientId ?? "",
        options.Environment);
}
