using System.Runtime.CompilerServices;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>What puts objects under another key where they stand, as one process or one pod reaches it.</summary>
internal sealed class SimEncryption(Account account, Line line, Action leave) : IObjectEncryption
{
    /// <summary>Whose the keys are, their ids tell: nobody is asked.</summary>
    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        Task.FromResult(store.Cloud == CloudKind.Aws && account.UpdatesInPlace);

    public async Task<UpdateSupport> TryUpdateAsync(
        StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        account.Used(from.Id);
        account.Used(to.Id);
        return store.Cloud == CloudKind.Aws && account.UpdatesInPlace ? new UpdateSupport.Works()
            : new UpdateSupport.Refused("OtherAccount", "the key is another account's");
    }

    public async Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        var bucket = account.Reached(store);
        var entry = bucket.Of(version.Key).FirstOrDefault(one => one.VersionId == version.VersionId && !one.IsMarker)
            ?? throw new CloudException(new CloudProblem.NotFound("NoSuchVersion", "it is gone"),
                "s3:UpdateObjectEncryption");
        account.Open(entry);
        bucket.Replace(entry, entry with { KeyId = key.Id, Material = account.Used(key.Id).Material });
        call.After();
    }

    public async IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        foreach (var upload in account.Reached(store).Uploads
            .OrderBy(upload => upload.Whole.Key, StringComparer.Ordinal).ToList())
        {
            yield return new UnfinishedUpload(upload.Whole.Key, upload.Id, upload.Whole.At);
        }
    }

    public async Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        account.Reached(store).Uploads.RemoveAll(one => one.Id == upload.UploadId);
        call.After();
    }
}
