using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Records;

/// <summary>What a key's record may hold: sizes and formats of every field, by the rules of specs where there are any.
/// Pure; empty means valid.</summary>
internal static class KeyRecordRules
{
    private const int MaxRegions = 32; // a spec has 16 at most; what was taken away stays
    private const int MaxRegionName = 64;
    private const int MaxId = 2048;
    private const int MaxMaterialId = 256;
    private const int MaxCiphertext = 8192; // KMS makes 6,144 bytes at most, a vault less
    private const int MaxContext = 16;
    private const int MaxFingerprint = 256;
    private const int MaxMaterials = 64; // KMS rotates a key 25 times

    public static IEnumerable<string> Check(KeyRecord record)
    {
        if (!record.Owner.IsWellFormed || !RecordOwner.IsOrigin(record.Origin, record.Uid))
        {
            yield return "namespace, name or uid are none";
        }

        if (record.Spec is { } spec
            && KeyRules.Check(
                new TenantEncryptionKey
                {
                    Metadata = new ObjectMeta { Name = record.Name, Namespace = record.Namespace },
                    Spec = spec,
                }) is [{ } wrong, ..])
        {
            yield return $"spec: {wrong}";
        }

        if (record.Regions.Count > MaxRegions || record.Materials.Count > MaxMaterials)
        {
            yield return "regions or materials are too many";
        }

        if (!record.Materials.All(IsMaterial)
            || record.Materials.Zip(record.Materials.Skip(1))
                .Any(pair => pair.First.Generation >= pair.Second.Generation))
        {
            yield return "the materials are none, or not one after the other";
        }

        foreach (var (name, region) in record.Regions)
        {
            foreach (var fault in Check(name, region))
            {
                yield return $"regions[{name}]: {fault}";
            }
        }
    }

    private static IEnumerable<string> Check(string name, KeyRecordRegion? region) =>
        name.Length is 0 or > MaxRegionName || region is null ? ["not a region"]
            : region.AcceptedVersion?.Length > MaxMaterialId ? ["the accepted version is none"]
            : region.Canary is null ? [] : Check(name, region.Canary);

    /// <summary>Of one that stands somewhere: a record, a mark.</summary>
    public static IEnumerable<string> Check(string region, KeyRecordCanary canary)
    {
        if (canary.KeyId is not { Length: > 0 and <= MaxId } || canary.MaterialId?.Length > MaxMaterialId)
        {
            yield return "the canary names no key";
            yield break;
        }

        foreach (var violation in Id(region, canary.KeyId))
        {
            yield return violation.ToString();
        }

        if (!IsCiphertext(canary.Ciphertext))
        {
            yield return "the canary holds no ciphertext";
        }

        if (canary.Context is not { Count: <= MaxContext }
            || canary.Context.Any(pair => pair.Value is not { Length: <= MaxId } || pair.Key.Length > MaxId))
        {
            yield return "the canary's context is missing or too long";
        }

        if (canary.Successor is { } successor
            && (successor.MaterialId is not { Length: > 0 and <= MaxMaterialId }
                || !IsCiphertext(successor.Ciphertext)))
        {
            yield return "the canary's successor holds no ciphertext";
        }
    }

    private static IEnumerable<Violation> Id(string region, string id) => region != KeyRef.AnyRegion
        ? KeyRules.Entry("canary", new AwsKmsKey { Region = region, Arn = id })
        : id.Split("/keys/") is [{ } vault, { } name] ? AzureKeyRules.Address("canary", vault, name)
        : [new Violation("canary", "not the address of a key")];

    private static bool IsMaterial(KeyRecordMaterial material) =>
        material is { Generation: > 0, Fingerprint.Length: > 0 and <= MaxFingerprint }
            && material.Ids.Count <= MaxRegions
            && material.Ids.All(id =>
                id.Key.Length is > 0 and <= MaxRegionName && id.Value.Length is > 0 and <= MaxMaterialId);

    private static bool IsCiphertext(string? text)
    {
        Span<byte> bytes = stackalloc byte[MaxCiphertext];
        return text is { Length: > 0 } && Convert.TryFromBase64String(text, bytes, out var length) && length > 0;
    }
}
