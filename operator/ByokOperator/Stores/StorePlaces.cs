using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
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
        var region = store.Spec.Aws?.Region ?? "";
        var id = KeyIds.Of(key, region, key is null ? null : cluster.Canaries.Find(KeyRecords.AddressOf(key)));
        return new StorePlaces(
            new StoreRef(region, StoreNames.Bucket(store)),
            new KeyRef(region, id),
            store.Spec.Shared?.Aws is { } shared ? new SharedRef(new StoreRef(region, shared.Bucket), shared.Prefix) : null,
            store.Metadata.Uid ?? "",
            store.Spec.Aws?.BucketKey == "On");
    }

    /// <param name="versioned">Mirrors the source.</param>
    public StoreSpec Spec(bool versioned) => new(Target, Owner, Key, BucketKey, versioned);
}
