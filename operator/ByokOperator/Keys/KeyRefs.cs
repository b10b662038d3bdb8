using ByokOperator.Api;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>A key in the clouds' terms: which cloud is asked about it, and as whom.</summary>
internal static class KeyRefs
{
    /// <param name="key">Null where the key object is not there.</param>
    /// <param name="region">Of the key's entry.</param>
    /// <param name="id">Which key; empty where there is none to know yet.</param>
    public static KeyRef Of(TenantEncryptionKey? key, string region, string id) => region != KeyRef.AnyRegion
        ? new(region, id)
        : key?.Spec.AzureKeyVault is not { } vault
            ? new(region, id) { Cloud = CloudKind.Azure }
            : new(region, id.Length > 0 && vault.KeyVersion is { Length: > 0 } held ? $"{id}/{held}" : id)
            {
                Cloud = CloudKind.Azure,
                Tenancy = new KeyTenancy(vault.TenantId, vault.ClientId),
            };
}
