using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>A world in which no object is put under another key where it stands.</summary>
internal sealed class NoUpdates : IObjectEncryption
{
    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) => Task.FromResult(false);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        Task.FromResult<UpdateSupport>(new UpdateSupport.Refused("OtherAccount", "the key is another account's"));

    public Task UpdateAsync(StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation) => throw None();

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(StoreRef store, string prefix, CancellationToken cancellation) => AsyncEnumerable.Empty<UnfinishedUpload>();

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) => throw None();

    private static CloudException None() => new(new CloudProblem.Refused("NoUpdates", "no encryption is changed here"), "sim");
}
