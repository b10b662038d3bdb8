using Azure.Storage.Blobs.Models;
using Cloud.Azure.Calling;
using Cloud.Azure.Stores;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>
/// Deletes exactly what it is given, one by one and many at once. The service does not delete the current version by
/// its id: it is first made a former one, on the condition that it still is the one meant.
/// </summary>
internal sealed class BlobRemover(BlobSite site, BlobListing listing)
{
    private const int KeysAtOnce = 16;

    /// <summary>The answer to a delete of the current version by its id.</summary>
    private const string IsCurrent = "OperationNotAllowedOnRootBlob";

    /// <summary>The answer where our write fence holds the blob; its lease is ours to show.</summary>
    private const string IsLeased = "LeaseIdMissing";

    /// <summary>The answers where that lease is shown and holds nothing.</summary>
    private const string NotLeased = "LeaseNotPresentWithBlobOperation";

    private const string LeasedByAnother = "LeaseIdMismatchWithBlobOperation";

    public async Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        await DeleteBaseAsync(store, key, etag: "", cancellation);
        var standing = await listing.OfAsync(store, key, cancellation);
        return standing is [{ IsDeleteMarker: true } marker, ..] ? marker.VersionId : null;
    }

    public async Task DeleteAsync(StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(versions.GroupBy(version => version.Key, StringComparer.Ordinal), bounds,
            async (name, stop) =>
            {
                // A blob does not go before its snapshots.
                foreach (var version in name.OrderBy(Rank))
                {
                    await DeleteOneAsync(store, version, stop);
                }
            });
    }

    private static int Rank(ObjectVersion version) => BlobMoment.Of(version.VersionId) switch
    {
        BlobMoment.Snapshot => 0,
        BlobMoment.Version when !version.IsLatest => 1,
        _ => 2,
    };

    private async Task DeleteOneAsync(StoreRef store, ObjectVersion version, CancellationToken cancellation)
    {
        switch (BlobMoment.Of(version.VersionId))
        {
            case BlobMoment.Live:
                await DeleteBaseAsync(store, version.Key, version.ETag, cancellation);
                if (BlobMoment.IsOlderThanVersions(version.VersionId))
                {
                    await DeleteLeftoverAsync(store, version, cancellation);
                }

                break;
            case BlobMoment.Snapshot snapshot:
                await SendAsync("blob:DeleteSnapshot", store, version.Key, snapshot, onlyIf: null, cancellation);
                break;
            case BlobMoment.Version named:
                await DeleteVersionAsync(store, version, named, cancellation);
                break;
            default:
                // Nothing stands for it that could be deleted: it goes with the versions beneath it,
                // or with the next write.
                break;
        }
    }

    private async Task DeleteVersionAsync(
        StoreRef store, ObjectVersion version, BlobMoment.Version named, CancellationToken cancellation)
    {
        try
        {
            await SendAsync("blob:DeleteVersion", store, version.Key, named, onlyIf: null, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem.Code == IsCurrent)
        {
            await DeleteBaseAsync(store, version.Key, version.ETag, cancellation);
            await SendAsync("blob:DeleteVersion", store, version.Key, named, onlyIf: null, cancellation);
        }
    }

    /// <summary>In a store that keeps versions by now, what was deleted is kept as one.</summary>
    private async Task DeleteLeftoverAsync(StoreRef store, ObjectVersion deleted, CancellationToken cancellation)
    {
        foreach (var left in await listing.OfAsync(store, deleted.Key, cancellation))
        {
            if (left.ETag == deleted.ETag && BlobMoment.Of(left.VersionId) is BlobMoment.Version named)
            {
                await SendAsync("blob:DeleteVersion", store, left.Key, named, onlyIf: null, cancellation);
            }
        }
    }

    private async Task DeleteBaseAsync(StoreRef store, string key, string etag, CancellationToken cancellation)
    {
        var onlyIf = new BlobRequestConditions { IfMatch = etag.Length > 0 ? BlobLook.Quoted(etag) : null };
        if (store.IsHeld)
        {
            await DeleteHeldAsync(store, key, onlyIf, cancellation);
            return;
        }

        try
        {
            await SendAsync("blob:DeleteBlob", store, key, new BlobMoment.Live(), onlyIf, cancellation);
        }
        catch (CloudException held) when (held.Problem.Code == IsLeased)
        {
            onlyIf.LeaseId = FenceLease.IdFor(store, key);
            await SendAsync("blob:DeleteBlob", store, key, new BlobMoment.Live(), onlyIf, cancellation);
        }
    }

    /// <summary>What our lease does not hold is not ours.</summary>
    private async Task DeleteHeldAsync(
        StoreRef store, string key, BlobRequestConditions onlyIf, CancellationToken cancellation)
    {
        onlyIf.LeaseId = FenceLease.IdFor(store, key);
        try
        {
            await SendAsync("blob:DeleteBlob", store, key, new BlobMoment.Live(), onlyIf, cancellation);
        }
        catch (CloudException stands) when (stands.Problem.Code is NotLeased or LeasedByAnother)
        {
            throw new CloudException(HeldPlace.Taken(key), "blob:DeleteBlob", requestId: null, stands);
        }
    }

    private async Task SendAsync(
        string operation, StoreRef store, string key, BlobMoment moment, BlobRequestConditions? onlyIf,
        CancellationToken cancellation)
    {
        var blob = site.Blob(store, key, moment);
        try
        {
            await site.CallAsync(new BlobCall(operation),
                stop => blob.DeleteAsync(DeleteSnapshotsOption.None, onlyIf, stop), cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound { Code: not "ContainerNotFound" })
        {
            // Already as wanted.
        }
    }
}
