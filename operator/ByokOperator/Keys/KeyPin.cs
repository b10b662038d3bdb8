using ByokOperator.Records;

namespace ByokOperator.Keys;

/// <summary>
/// Which key a store was made under, in a form that can be compared later: the id, the material where the service tells
/// it, and the digest of the canary that the key proved itself on. Kept with the target, outside the cluster, so that
/// removing the key's own records can't make another key pass for this one.
/// </summary>
internal sealed record KeyPin(string KeyId, string? MaterialId, string CanaryDigest)
{
    public static KeyPin Of(StoreRecordPin recorded) => new(recorded.KeyId, recorded.MaterialId, recorded.CanaryDigest);

    /// <summary>
    /// Either proof is enough: the canary outlives a rotation of the material, the material outlives a lost canary.
    /// The id alone is none: other material can stand under it.
    /// </summary>
    public bool IsSameKeyAs(KeyPin other) =>
        KeyId == other.KeyId
        && (CanaryDigest == other.CanaryDigest || (MaterialId is not null && MaterialId == other.MaterialId));
}
