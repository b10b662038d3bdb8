using ByokOperator.Api;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The id that stores know a region's key by.</summary>
internal static class KeyIds
{
    /// <summary>
    /// Empty where there is none to know yet. A key that the tenant keeps is the one that the spec names; an imported one is the
    /// one that the canary was made with, since no spec names it.
    /// </summary>
    /// <param name="key">Null where the key object is not there.</param>
    /// <param name="region">Of the key's entry.</param>
    /// <param name="record">Whoever wrote it: nothing opens on an id alone.</param>
    public static string Of(TenantEncryptionKey? key, string region, KeyRecord? record) => key?.Spec.Imported is not null
        ? record?.In(region).Canary?.KeyId ?? ""
        : region == KeyRef.AnyRegion
            ? key?.Spec.AzureKeyVault?.KeyId ?? ""
            : key?.Spec.AwsKms?.Keys.FirstOrDefault(entry => entry.Region == region)?.Arn ?? "";
}
