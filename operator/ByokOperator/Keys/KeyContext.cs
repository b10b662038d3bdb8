using ByokOperator.Api;

namespace ByokOperator.Keys;

/// <summary>
/// The encryption context that a key is proved with: the published policy demands the tenant of it, and CloudTrail
/// shows all of it to the tenant. So a key that another tenant's object names is refused by the key itself. What a
/// canary was made with stays with it.
/// </summary>
internal static class KeyContext
{
    public const string Tenant = "byok.dev/tenant";

    public static Dictionary<string, string> Of(TenantEncryptionKey key) => new()
    {
        [Tenant] = key.Tenant,
        ["byok.dev/namespace"] = key.Metadata.Namespace ?? "",
        ["byok.dev/key"] = key.Metadata.Name,
    };
}
