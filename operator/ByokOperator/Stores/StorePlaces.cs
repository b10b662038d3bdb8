using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>A store's spec in the clouds' terms.</summary>
/// <param name="Key">The key of the store's region; its id is empty where the key object is not there.</param>
/// <param name="Shared">Null where the store has no shared place to come from.</param>
internal sealed record StorePlaces(StoreRef Target, KeyRef Key, SharedRef? Shared, string Owner, bool BucketKey)
{
    public static StorePlaces Of(EncryptedStore store, TenantEncryptionKey? key, ClusterView cluster)
    {
        var place = StorePlace.Of(store.Spec);
        var target = RefOf(place, store.Metadata.Uid ?? "");
        var id = KeyIds.Of(key, place.KeyRegion, key is null ? null : cluster.Canaries.Find(KeyRecords.AddressOf(key)));
        return new StorePlaces(
            target,
            KeyRefs.Of(key, place.KeyRegion, id),
            place.Shared is { } shared ? new SharedRef(target with { Name = shared.Name, Scope = shared.Scope }, shared.Prefix) : null,
            store.Metadata.Uid ?? "",
            place.BucketKey);
    }

    public static StoreRef RefOf(StorePlace place, string uid) => new(place.Region, place.NameFor(uid))
    {
        Cloud = place.Cloud == StorePlace.Azure ? CloudKind.Azure : CloudKind.Aws,
        Scope = place.Scope,
    };

    /// <param name="versioned">Mirrors the source.</param>
    public StoreSpec Spec(bool versioned) => new(Target, Owner, Key, BucketKey, versioned);
}
