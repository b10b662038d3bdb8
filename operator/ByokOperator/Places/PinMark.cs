using System.Text.Json.Serialization;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Json;

namespace ByokOperator.Places;

/// <summary>
/// The pin as it stands beside the data: which keys objects of the store stand under, the canaries that they proved
/// themselves on, and whose the store is. With it a lost cluster's store is taken back though nothing of the cluster is
/// left. The order of the keys says nothing: which one the default is on, the store itself tells.
/// </summary>
internal sealed record PinMark(string KeyId, string? MaterialId, string CanaryDigest)
{
    /// <summary>A ciphertext, and no secret.</summary>
    public KeyRecordCanary? Canary { get; init; }

    /// <summary>Of the key's object; null where it was written before that was said.</summary>
    public string? KeyName { get; init; }

    /// <summary>Further keys that objects stand under; empty for nearly every store.</summary>
    public IReadOnlyList<PinMarkKey> Others { get; init => field = Entries.Of(value); } = [];

    /// <summary>Id of the key that the data was moved here under, which receipts name for good; null where the store
    /// never went to another key.</summary>
    public string? MovedUnder { get; init; }

    public string? Tenant { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    [JsonIgnore]
    public KeyPin Pin => new(KeyId, MaterialId, CanaryDigest);

    [JsonIgnore]
    public IEnumerable<string> KeyIds => Others.Select(other => other.KeyId).Prepend(KeyId);

    /// <summary>Every key that it names by the name of its object too.</summary>
    [JsonIgnore]
    public IEnumerable<StoreRecordKey> Named =>
        Others.Select(other => (Name: other.KeyName ?? "", other.Pin)).Prepend((Name: KeyName ?? "", Pin))
            // whatever somebody wrote there
            .Where(key => ObjectNames.IsName(key.Name) && key.Pin is { KeyId: not null, CanaryDigest: not null })
            .Select(key =>
                new StoreRecordKey(key.Name, "",
                    new StoreRecordPin(key.Pin.KeyId, key.Pin.MaterialId, key.Pin.CanaryDigest)));

    /// <summary>What it says of this key; of another than all that it names, what it says of the first.</summary>
    public KeyPin For(string keyId) =>
        Others.FirstOrDefault(other => other.KeyId == keyId && KeyId != keyId)?.Pin ?? Pin;

    /// <summary>With another key beside those that it names.</summary>
    public PinMark With(string keyName, Canary canary) =>
        PinMarkKey.Of(keyName, canary) is var key && KeyIds.Contains(key.KeyId) ? this
            : this with { Others = [.. Others, key] };

    /// <summary>Without this key; the last one stays, for a mark without a key is none.</summary>
    public PinMark Without(string keyId) =>
        KeyId != keyId ? this with { Others = [.. Others.Where(other => other.KeyId != keyId)] }
            : Others is [var first, ..]
                ? this with
                {
                    KeyId = first.KeyId,
                    MaterialId = first.MaterialId,
                    CanaryDigest = first.CanaryDigest,
                    Canary = first.Canary,
                    KeyName = first.KeyName,
                    Others = [.. Others.Skip(1)],
                }
            : this;

    public static PinMark Of(KeyPin pin, Canary canary, EncryptedStore store) =>
        new(pin.KeyId, pin.MaterialId, pin.CanaryDigest)
        {
            Canary = KeyRecordCanary.Of(canary),
            KeyName = store.Spec.KeyRef?.Name,
            Tenant = store.Tenant,
            Namespace = store.Metadata.Namespace,
            Name = store.Metadata.Name,
            Uid = store.Metadata.Uid,
        };

    /// <summary>It says nothing of whose it is, or that it is of a store of these names.</summary>
    public bool IsOf(EncryptedStore store) =>
        (Tenant is null || Tenant == store.Tenant) && (Namespace is null || Namespace == store.Metadata.Namespace)
            && (Name is null || Name == store.Metadata.Name);

    /// <summary>Null where none stands that could be tried: somebody may have written anything there.</summary>
    /// <param name="keyId">Of which of its keys.</param>
    /// <param name="region">Of the key.</param>
    public Canary? CanaryOf(string keyId, string region) =>
        (KeyId == keyId ? Canary : Others.FirstOrDefault(other => other.KeyId == keyId)?.Canary) is { } stored
            && !KeyRecordRules.Check(region, stored).Any() ? stored.ToCanary() : null;
}

/// <summary>A further key of a <see cref="PinMark"/>.</summary>
internal sealed record PinMarkKey(string? KeyName, string KeyId, string? MaterialId, string CanaryDigest)
{
    public KeyRecordCanary? Canary { get; init; }

    [JsonIgnore]
    public KeyPin Pin => new(KeyId, MaterialId, CanaryDigest);

    public static PinMarkKey Of(string keyName, Canary canary)
    {
        var pin = StoredCanary.Of(canary).Pin;
        return new(keyName, pin.KeyId, pin.MaterialId, pin.CanaryDigest) { Canary = KeyRecordCanary.Of(canary) };
    }
}
