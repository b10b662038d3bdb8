using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The id that stores know a region's key by.</summary>
internal static class KeyIds
{
    /// <summary>
    /// Seen as null where there is none to know yet. A key that the tenant keeps is the one that the spec names; an
    /// imported one is the one that the canary was made with, since no spec names it: blind where that can't be read.
    /// </summary>
    /// <param name="key">Null where the key object is not there.</param>
    /// <param name="region">Of the key's entry.</param>
    /// <param name="record">Whoever wrote it: nothing opens on an id alone.</param>
    public static Fact<string?> Of(TenantEncryptionKey? key, string region, Recorded<KeyRecord> record) =>
        key?.Spec.Imported is null ? Fact.Seen(NamedIn(key, region))
        : record is Recorded<KeyRecord>.Unreadable ? Fact.Blind<string?>(RecordedFault.Unreadable)
        : Fact.Seen(record.Parsed?.In(region).Canary?.KeyId);

    /// <summary>As the spec of a key says that the tenant keeps; null where it says nothing of the region.</summary>
    public static string? NamedIn(TenantEncryptionKey? key, string region) => region == KeyRef.AnyRegion
        ? key?.Spec.AzureKeyVault?.KeyId
        : key?.Spec.AwsKms?.Keys.FirstOrDefault(entry => entry.Region == region)?.Arn;
}
