using ByokOperator.Api;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Cluster;

/// <summary>
/// A key as far as its spec may be followed. The recorded canaries say which key each region began with; a server
/// without CEL lets anybody name another one, and that one is neither asked nor used. A generation is never followed
/// back; up it is by whatever it was raised: each raise by one was taken by the server,
/// and nobody here need have seen them apart.
/// </summary>
internal static class PinnedKeySpec
{
    public static TenantEncryptionKey Of(TenantEncryptionKey key, KeyRecord? record)
    {
        var began = (record?.Regions ?? new Dictionary<string, KeyRecordRegion>())
            .Where(region => region.Value.Canary is not null)
            .ToDictionary(region => region.Key, region => region.Value.Canary!.KeyId);
        var standing = began.Count == 0 ? key
            : key with { Spec = Kept(key.Spec, began, isImported: record!.IsImported) };
        return standing.Spec.Imported is { } imported && FollowedIn(record) is { } followed
            ? standing with
            {
                Spec = standing.Spec with
                {
                    Imported = imported with { Generation = Math.Max(imported.Generation, followed) },
                },
            }
            : standing;
    }

    /// <summary>The generation that was followed last, imported yet or not; null where nothing was.</summary>
    private static int? FollowedIn(KeyRecord? record) => record is { Materials: [.., var newest] }
        ? Math.Max(record.Spec?.Imported?.Generation ?? newest.Generation, newest.Generation)
        : null;

    private static TenantEncryptionKeySpec Kept(
        TenantEncryptionKeySpec named, Dictionary<string, string> began, bool isImported) => isImported
        ? named with { AwsKms = null, AzureKeyVault = null, Imported = Kept(named.Imported ?? new(), began) }
        : began.TryGetValue(KeyRef.AnyRegion, out var id)
            ? named with { AwsKms = null, Imported = null, AzureKeyVault = Kept(named.AzureKeyVault ?? new(), id) }
            : named with { Imported = null, AzureKeyVault = null, AwsKms = Kept(named.AwsKms?.Keys ?? [], began) };

    /// <summary>A version belongs to the key that it was named for.</summary>
    private static AzureKeyVaultSource Kept(AzureKeyVaultSource named, string id) =>
        named.KeyId != id && Split(id) is var (vault, name)
            ? named with { VaultUri = vault, KeyName = name, KeyVersion = null }
            : named;

    private static (string Vault, string Name)? Split(string id) =>
        id.Split("/keys/") is [{ } vault, { } name] ? (vault, name) : null;

    private static AwsKmsSource Kept(IReadOnlyList<AwsKmsKey> named, Dictionary<string, string> began) => new()
    {
        Keys =
        [
            .. named.Select(entry => entry with { Arn = began.GetValueOrDefault(entry.Region) ?? entry.Arn }),
            .. began.Where(one => !named.Any(entry => entry.Region == one.Key))
                .Select(one => new AwsKmsKey { Region = one.Key, Arn = one.Value }),
        ],
    };

    private static ImportedSource Kept(ImportedSource named, Dictionary<string, string> began) =>
        began.TryGetValue(KeyRef.AnyRegion, out var id)
            ? named with { Aws = null, Azure = Kept(named.Azure ?? new(), id) }
            : named with
            {
                Azure = null,
                Aws = (named.Aws
                    ?? new()) with
                    {
                        Regions = [.. (named.Aws?.Regions ?? []).Union(began.Keys, StringComparer.Ordinal)],
                    },
            };

    private static AzureImport Kept(AzureImport named, string id) => named.KeyId != id && Split(id) is var (vault, name)
        ? named with { VaultUri = vault, KeyName = name }
        : named;
}
