using ByokOperator.Api;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Cluster;

/// <summary>What of a key goes on although the platform did not give it, or took it back: what was proved or made
/// already, and nothing that the spec names beside it.</summary>
internal static class KeyScope
{
    /// <summary>Null where nothing was begun, so that there is nothing to go on with. What can't be read may be
    /// anything, and is asked for nothing.</summary>
    /// <param name="key">As far as its spec may be followed.</param>
    /// <param name="record">Its record.</param>
    public static TenantEncryptionKey? Begun(TenantEncryptionKey key, Recorded<KeyRecord> record)
    {
        if (record is Recorded<KeyRecord>.Unreadable)
        {
            return key;
        }

        var known = record.Parsed;
        HashSet<string> begun =
        [
            .. (known?.Regions ?? new Dictionary<string, KeyRecordRegion>())
                .Where(region => region.Value.Canary is not null || region.Value.CreatingSince is not null)
                .Select(region => region.Key),
            .. key.Spec.Imported is null ? [] : MayHoldMaterial(known),
        ];
        return begun.Count == 0 ? null : key with { Spec = Within(key.Spec, begun, known?.Spec?.Imported?.Azure) };
    }

    /// <summary>Keys of the platform's own stand there, or may, proved or not:
    /// what was imported is withdrawn wherever it got to.</summary>
    private static IEnumerable<string> MayHoldMaterial(KeyRecord? known) => known?.Spec?.Imported?.Regions() ?? [];

    private static TenantEncryptionKeySpec Within(
        TenantEncryptionKeySpec spec, HashSet<string> begun, AzureImport? made) => spec with
    {
        AwsKms = spec.AwsKms is { } aws
            ? new AwsKmsSource { Keys = [.. aws.Keys.Where(entry => begun.Contains(entry.Region))] } : null,
        AzureKeyVault = begun.Contains(KeyRef.AnyRegion) ? spec.AzureKeyVault : null,
        Imported = spec.Imported is { Aws: { } place } imported
            ? imported with { Aws = place with { Regions = [.. place.Regions.Where(begun.Contains)] } }
            : spec.Imported is { Azure: not null } vault ? vault with { Azure = made ?? vault.Azure } : spec.Imported,
    };
}
