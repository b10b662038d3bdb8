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

        var named = key.Spec.AwsKms?.Keys ?? [];
        return key with
        {
            Spec = key.Spec with
            {
                AwsKms = new AwsKmsSource
                {
                    Keys =
                    [
                        .. named.Select(entry => entry with { Arn = began.GetValueOrDefault(entry.Region) ?? entry.Arn }),
                        .. began.Where(one => !named.Any(entry => entry.Region == one.Key)).Select(one => new AwsKmsKey { Region = one.Key, Arn = one.Value }),
                    ],
                },
            },
        };
    }
}
