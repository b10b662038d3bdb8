using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Azure.Stores;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>
/// Copies into a place that others write to as well. No statement of Azure's refuses what is made anew under a prefix,
/// so each blob that we make there gets the lease of <see cref="FenceLease"/> at once: it says that the blob is ours,
/// and refuses its writes to everybody else. What has no such lease is somebody's, unless it is what we would write.
/// The leases go when the place's fence is lifted.
/// </summary>
internal sealed class BlobHold(BlobSite site)
{
    private const string Seal = "x-ms-blob-sealed";

    /// <summary>Of what writes; a look that finds another state of the source is none.</summary>
    private static readonly string[] Writes =
        ["blob:PutBlobFromUrl", "blob:PutBlob", "blob:PutBlockFromUrl", "blob:PutBlockList"];

    private readonly BlobHasher hasher = new(site);

    /// <param name="copy">Of a place that is held.</param>
    /// <param name="write">Makes it, by <see cref="BlobCopy.On"/>, and holds what it made.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<WrittenBlob> WriteAsync(
        BlobCopy copy, Func<BlobCopy, CancellationToken, Task<WrittenBlob>> write, CancellationToken cancellation)
    {
        try
        {
            return await write(copy with { IsNew = true }, cancellation);
        }
        catch (CloudException stands) when (
            stands.Problem.Code is "BlobAlreadyExists" or "LeaseIdMissing" or "ConditionNotMet"
                && Writes.Contains(stands.Operation, StringComparer.Ordinal))
        {
            await TakeAsync(copy, cancellation);
        }

        return await write(copy with { LeaseId = FenceLease.IdFor(copy.Order.Target, copy.TargetKey) }, cancellation);
    }

    public Task<bool> IsHeldAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        var lease = site.Blob(store, key, new BlobMoment.Live()).GetBlobLeaseClient(FenceLease.IdFor(store, key));
        return AskAsync(stop => lease.RenewAsync(conditions: null, stop), cancellation);
    }

    /// <summary>False where the blob is another by now, is gone, or is held by somebody else.</summary>
    public Task<bool> HoldAsync(StoreRef store, string key, string etag, CancellationToken cancellation)
    {
        var lease = site.Blob(store, key, new BlobMoment.Live()).GetBlobLeaseClient(FenceLease.IdFor(store, key));
        var same = new RequestConditions { IfMatch = BlobLook.Quoted(etag) };
        return AskAsync(stop => lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, same, stop), cancellation);
    }

    /// <summary>
    /// What stands there is ours by its lease; or it is what we are about to write, made by a worker that ended before
    /// it could hold it: then writing over it changes nothing, whoever made it.
    /// </summary>
    private async Task TakeAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var (target, key) = (copy.Order.Target, copy.TargetKey);
        if (await IsHeldAsync(target, key, cancellation))
        {
            return;
        }

        var standing = await LookAsync(target, key, cancellation);
        if (!await IsSameAsync(copy, standing, cancellation)
            || !await HoldAsync(target, key, standing.ETag, cancellation))
        {
            throw new CloudException(HeldPlace.Taken(key), "blob:LeaseBlob");
        }
    }

    private async Task<bool> IsSameAsync(BlobCopy copy, BlobLook standing, CancellationToken cancellation)
    {
        var most = site.Options.CopyByBlocksAbove;
        var (from, to) =
            ((await copy.LookAsync(cancellation)).ToFacts(keyId: null, most), standing.ToFacts(keyId: null, most));
        if (!SameHeaders(from.Headers, to.Headers))
        {
            return false;
        }

        if (standing.Form == BlobForm.Append && to.Size == 0)
        {
            return true; // begun, and nothing in it yet
        }

        return from.Size == to.Size && (from.Checksum is { } left && to.Checksum is { } right
            ? left == right
            : await SameContentAsync(copy, cancellation));
    }

    /// <summary>But for a seal, which is the last that a copy gets.</summary>
    private static bool SameHeaders(IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to) =>
        from.Keys.Union(to.Keys, StringComparer.OrdinalIgnoreCase)
            .All(name => name == Seal || from.GetValueOrDefault(name) == to.GetValueOrDefault(name));

    private async Task<bool> SameContentAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var from = hasher.HashAsync(copy.Order.Source, copy.Version.Key, copy.Version.VersionId, cancellation);
        var to = hasher.HashAsync(copy.Order.Target, copy.TargetKey, versionId: null, cancellation);
        var both = await Task.WhenAll(from, to);
        return both[0].AsSpan().SequenceEqual(both[1]);
    }

    /// <summary>One that went is looked for anew by whoever tries again.</summary>
    private async Task<BlobLook> LookAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        try
        {
            return await BlobLook.AskAsync(site, site.Blob(store, key, new BlobMoment.Live()), etag: null,
                cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            throw new CloudException(
                new CloudProblem.Unreachable("ChangedMeanwhile", $"'{key}' went while it was looked at"),
                "blob:GetBlobProperties");
        }
    }

    private async Task<bool> AskAsync(
        Func<CancellationToken, Task<Response<BlobLease>>> once, CancellationToken cancellation)
    {
        try
        {
            await site.CallAsync(new BlobCall("blob:LeaseBlob") { Accepts = [404, 409, 412] }, once, cancellation);
            return true;
        }
        catch (RequestFailedException refused) when (refused.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
