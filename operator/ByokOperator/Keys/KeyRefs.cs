using ByokOperator.Api;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>A key in the clouds' terms: which cloud is asked about it, and as whom.</summary>
internal static class KeyRefs
{
    public static CloudKind CloudOf(string region) => region == KeyRef.AnyRegion ? CloudKind.Azure : CloudKind.Aws;

    /// <param name="key">Null where the key object is not there.</param>
    /// <param name="region">Of the key's entry.</param>
    /// <param name="id">Which key; empty where there is none to know yet.</param>
    /// <param name="canary">The stored one, which says what versions were proved; null:
    /// no version is held but one that the spec names.</param>
    /// <param name="newest">A version that nothing was proved with yet, and that may have been confirmed, or that holds
    /// what the tenant handed over last.</param>
    public static KeyRef Of(
        TenantEncryptionKey? key, string region, string id, Canary? canary = null, string? newest = null)
    {
        if (CloudOf(region) == CloudKind.Aws)
        {
            return new(region, id) { IsOurs = key?.Spec.Imported is not null };
        }

        var held = key is null || id.Length == 0 ? null : HeldVersion(key.Spec, canary, newest);
        return new(region, held is null ? id : $"{id}/{held}")
        {
            Cloud = CloudKind.Azure,
            IsOurs = key?.Spec.Imported is not null,
            Tenancy = key?.Spec.AzureKeyVault is { } vault ? new KeyTenancy(vault.TenantId, vault.ClientId) : null,
        };
    }

    /// <summary>
    /// Null where the newest is meant. An imported key is its material, so it is the version that was proved last, or
    /// that was found to hold it: whatever somebody adds in the vault is not followed. A confirmation of a version that
    /// nobody has seen holds what was held.
    /// </summary>
    private static string? HeldVersion(TenantEncryptionKeySpec spec, Canary? canary, string? newest) =>
        spec.AzureKeyVault?.KeyVersion is { Length: > 0 } named ? named
        : canary is null ? (spec.Imported is null ? null : newest)
        : spec.AwaitsConfirmation
            ? spec.Rotation.ConfirmedVersion is { Length: > 0 } confirmed
                && (confirmed == newest || confirmed == canary.MaterialId || confirmed == canary.Successor?.MaterialId)
                    ? confirmed
            : Proved(canary)
        : spec.Imported is null ? null : newest ?? Proved(canary);

    /// <summary>The version that was proved last.</summary>
    public static string? Proved(Canary canary) => canary.Successor?.MaterialId ?? canary.MaterialId;
}
