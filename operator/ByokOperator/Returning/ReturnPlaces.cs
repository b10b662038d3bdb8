using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Places;
using ByokOperator.Records;
using Cloud.Stores;

namespace ByokOperator.Returning;

/// <summary>Looks at the shared place as a return has to find it; live, for looks and for acts.
/// Changes nothing.</summary>
internal sealed class ReturnPlaces(OperatorContext around)
{
    /// <param name="places">Of the store.</param>
    /// <param name="shared">Its shared place.</param>
    /// <param name="isOnRecord">Then nobody asks how it encrypts any more: what was recorded counts.</param>
    /// <param name="keepsVersions">The store does.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task<ReturnPlace> LookAsync(
        StorePlaces places, SharedRef shared, bool isOnRecord, bool keepsVersions, CancellationToken cancellation)
    {
        var seen = await around.Cloud.Stores.DescribeSharedAsync(shared, places.ReturnHold, cancellation);
        var by = isOnRecord || !seen.Exists || seen.Unfit is not null ? null
            : await around.Cloud.Stores.SharedDefaultAsync(shared.Store, cancellation);
        return new ReturnPlace(seen.Exists, seen.IsEmpty, seen.Fence)
        {
            Unfit = seen.Unfit,
            LosesVersions = keepsVersions && !seen.KeepsVersions,
            Default = by,
            IsUnderTenantKey = by?.KeyId is { } key && IsATenants(key),
        };
    }

    /// <summary>Somebody's TenantEncryptionKey names it or was proved on it, whatever became of that; or it is in an
    /// account that the platform lets a tenant name keys of.</summary>
    private bool IsATenants(string keyId) =>
        around.Cluster.Keys.List().Any(key => Names(key.Spec, keyId))
        || around.Cluster.Records.Maps.List().Select(RecordCodec.Peek<KeyRecord>).OfType<KeyRecord>()
            .Any(record => IsOf(record, keyId))
        || around.Cluster.Tenants.Authority.Tenants.Any(tenant => MayBeOf(tenant.Spec.Keys, keyId));

    private static bool IsOf(KeyRecord record, string keyId) =>
        (record.Spec is { } spec && Names(spec, keyId))
            || record.Regions.Values.Any(region => IsSame(region.Canary?.KeyId, keyId));

    private static bool Names(TenantEncryptionKeySpec spec, string keyId) =>
        spec.AwsKms?.Keys.Any(entry => entry.Arn == keyId) == true
        || (spec.AzureKeyVault is { } vault && IsSame(vault.KeyId, keyId))
        || (spec.Imported?.Azure is { } imported && IsSame(imported.KeyId, keyId));

    /// <summary>The platform lets a tenant name keys of that account, or in that vault.</summary>
    private static bool MayBeOf(TenantKeys keys, string keyId) =>
        keyId.Split(':') is [_, _, _, _, var account, ..] ? keys.AwsAccounts.Contains(account, StringComparer.Ordinal)
        : keys.Vaults.Any(vault =>
            vault != "*" && keyId.StartsWith($"{vault.TrimEnd('/')}/keys/", StringComparison.OrdinalIgnoreCase));

    /// <summary>A vault spells its address and its keys' names in any case, and a version may stand behind.</summary>
    private static bool IsSame(string? known, string keyId) =>
        known is not null
            && (known.Equals(keyId, StringComparison.OrdinalIgnoreCase)
                || known.StartsWith(keyId + "/", StringComparison.OrdinalIgnoreCase));
}
