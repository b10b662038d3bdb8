using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>What puts objects under another key, as an adapter with a bug does it.</summary>
internal sealed class LyingEncryption(IObjectEncryption real, Seeding seeding) : IObjectEncryption
{
    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        real.CouldUpdateAsync(store, keys, cancellation);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        real.TryUpdateAsync(store, from, to, cancellation);

    public Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation) =>
            seeding.Bug == Bug.UpdateIsSaidAndNotDone
            ? Task.CompletedTask
            : real.UpdateAsync(store, version, key, bucketKey, cancellation);

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, CancellationToken cancellation) => seeding.Bug == Bug.UploadsAreForgotten
        ? AsyncEnumerable.Empty<UnfinishedUpload>()
        : real.ListUploadsAsync(store, prefix, cancellation);

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) =>
        real.AbortUploadAsync(store, upload, cancellation);
}
