using ByokOperator.Api;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>
/// A key as far as its spec may be followed. The canaries say which key each region began with; a server without CEL lets
/// anybody name another one, and that one is neither asked nor used.
/// </summary>
internal static class StandingKey
{
    public static TenantEncryptionKey Of(TenantEncryptionKey key, ConfigMap? canaries)
    {
        if (canaries?.Metadata.OwnerReferences?.Any(owner => owner.Uid == key.Metadata.Uid) != true
            || CanaryMap.KeyIds(canaries) is not { Count: > 0 } began)
        {
            return key;
        }

        return key with
        {
            Spec = CanaryMap.Fingerprint(canaries) is null
                ? key.Spec with { Imported = null, AwsKms = Kept(key.Spec.AwsKms?.Keys ?? [], began) }
                : key.Spec with { AwsKms = null, Imported = Kept(key.Spec.Imported ?? new(), began.Keys) },
        };
    }

    private static AwsKmsSource Kept(IReadOnlyList<AwsKmsKey> named, IReadOnlyDictionary<string, string> began) => new()
    {
        Keys =
        [
            .. named.Select(entry => entry with { Arn = began.GetValueOrDefault(entry.Region) ?? entry.Arn }),
            .. began.Where(one => !named.Any(entry => entry.Region == one.Key)).Select(one => new AwsKmsKey { Region = one.Key, Arn = one.Value }),
        ],
    };

    private static ImportedSource Kept(ImportedSource named, IEnumerable<string> began) =>
        named with { Aws = (named.Aws ?? new()) with { Regions = [.. (named.Aws?.Regions ?? []).Union(began, StringComparer.Ordinal)] } };
}
