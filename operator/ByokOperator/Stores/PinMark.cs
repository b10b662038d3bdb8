using System.Text.Json.Serialization;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Stores;

/// <summary>
/// The pin as it stands beside the data: which key the store was made under, the canary that this key proved itself on, and whose the store is.
/// With it a lost cluster's store is taken back though nothing of the cluster is left.
/// </summary>
internal sealed record PinMark(string KeyId, string? MaterialId, string CanaryDigest)
{
    /// <summary>A ciphertext, and no secret.</summary>
    public KeyRecordCanary? Canary { get; init; }

    public string? Tenant { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    [JsonIgnore]
    public KeyPin Pin => new(KeyId, MaterialId, CanaryDigest);

    public static PinMark Of(KeyPin pin, Canary canary, EncryptedStore store) => new(pin.KeyId, pin.MaterialId, pin.CanaryDigest)
    {
        Canary = KeyRecordCanary.Of(canary),
        Tenant = store.Tenant,
        Namespace = store.Metadata.Namespace,
        Name = store.Metadata.Name,
        Uid = store.Metadata.Uid,
    };

    /// <summary>It says nothing of whose it is, or that it is of a store of these names.</summary>
    public bool IsOf(EncryptedStore store) =>
        (Tenant is null || Tenant == store.Tenant) && (Namespace is null || Namespace == store.Metadata.Namespace) && (Name is null || Name == store.Metadata.Name);

    /// <summary>Null where none stands that could be tried: somebody may have written anything there.</summary>
    /// <param name="region">Of the key.</param>
    public Canary? CanaryIn(string region) => Canary is { } stored && !KeyRecordRules.Check(region, stored).Any() ? stored.ToCanary() : null;
}
