using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Routing;

/// <summary>Each store's encryption in place to its own cloud.</summary>
public sealed class RoutedObjectEncryption(Choice<IObjectEncryption> clouds) : IObjectEncryption
{
    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        clouds.For(store.Cloud).CouldUpdateAsync(store, keys, cancellation);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        clouds.For(store.Cloud).TryUpdateAsync(store, from, to, cancellation);

    public Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation) =>
        clouds.For(store.Cloud).UpdateAsync(store, version, key, bucketKey, cancellation);

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, CancellationToken cancellation) =>
        clouds.For(store.Cloud).ListUploadsAsync(store, prefix, cancellation);

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) =>
        clouds.For(store.Cloud).AbortUploadAsync(store, upload, cancellation);
}
