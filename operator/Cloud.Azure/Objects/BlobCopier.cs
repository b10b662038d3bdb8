using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>
/// Copies within Blob Storage: the service reads the source itself. What a blob lies under is its account's key, so
/// that is asked first; no request could say it.
/// </summary>
internal sealed class BlobCopier(BlobSite site, AccountKeys keys)
{
    private readonly BlockCopier blocks = new(site.Options);
    private readonly PageCopier pages = new(site);
    private readonly BlobHold hold = new(site);

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        if (order.IsOntoItself)
        {
            throw new CloudException(
                new CloudProblem.Refused("CopyOntoItself",
                    "a blob lies under its account's key: a copy onto itself changes nothing"), "blob:PutBlobFromUrl");
        }

        if (order.Version.Obstacle is { } obstacle)
        {
            throw new CloudException(obstacle, "blob:PutBlobFromUrl");
        }

        var keyId = await keys.RequireAsync("blob:PutBlobFromUrl", order.Target, order.Key, cancellation);
        var copy = BlobCopy.Of(order, site);
        var written = order.Target.IsHeld ? await hold.WriteAsync(copy, WriteAsync, cancellation)
            : await WriteAsync(copy, cancellation);
        if (copy.From is BlobMoment.Snapshot && written.VersionId is null)
        {
            written = await SnapshotAsync(copy, written, cancellation);
        }

        // A container's own scope is another encryption than its account's, whatever was ordered.
        return new CopyResult(written.VersionId, written.ETag, written.Scope is { } scope
            ? SharedDefault.OfScope(scope) : keyId, written.Checked);
    }

    private async Task<WrittenBlob> WriteAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var form = copy.Version.Form ?? (await copy.LookAsync(cancellation)).Form;
        return form switch
        {
            BlobForm.Block
                when copy.Version.Size <= site.Options.CopyByBlocksAbove => await CopyWholeAsync(copy, cancellation),
            BlobForm.Block => await blocks.CopyAsync(copy, cancellation),
            BlobForm.Append => await AppendCopier.CopyAsync(copy, cancellation),
            BlobForm.Page => await pages.CopyAsync(copy, cancellation),
            _ =>
                throw new CloudException(
                    new CloudProblem.Refused("BlobTypeUnknown", $"'{copy.Version.Key}' is a {form}"),
                    "blob:PutBlobFromUrl"),
        };
    }

    /// <summary>
    /// One request. Where the source keeps a digest the service holds the bytes against it: then the copy is proved
    /// without being read. A digest that is not the source's own (a client may have said anything) is not carried over.
    /// </summary>
    private async Task<WrittenBlob> CopyWholeAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var digest = copy.Version.Checksum is { Algorithm: BlobLook.Md5Algorithm, IsFullObject: true } known ? known
            : null;
        var options = new BlobSyncUploadFromUriOptions
        {
            SourceAuthentication = await copy.SourceAuthorizationAsync(cancellation),
            SourceConditions = new BlobRequestConditions { IfMatch = copy.SourceETag },
            CopySourceTagsMode = BlobCopySourceTagsMode.Copy,
            AccessTier = BlobForm.Tier(copy.Version.StorageClass),
            DestinationConditions = copy.On,
            ContentHash = digest is null ? null : Convert.FromBase64String(digest.Value),
        };
        try
        {
            var target = copy.Target.GetBlockBlobClient(copy.TargetKey);
            var written = await copy.WriteAsync("blob:PutBlobFromUrl",
                stop => target.SyncUploadFromUriAsync(copy.Source, options, stop), cancellation);
            var made = WrittenBlob.Of(written) with { Checked = digest };
            await copy.HoldAsync(made, cancellation);
            return made;
        }
        catch (CloudException refusal) when (refusal.Problem.Code == "Md5Mismatch")
        {
            return await blocks.CopyAsync(copy, cancellation);
        }
    }

    /// <summary>
    /// In a store without versions a snapshot is one again. With versions the write itself made the version that keeps
    /// this content, and the service would make one more beside each snapshot.
    /// </summary>
    private async Task<WrittenBlob> SnapshotAsync(BlobCopy copy, WrittenBlob written, CancellationToken cancellation)
    {
        var target = copy.Target.GetBlobBaseClient(copy.TargetKey);
        var conditions = new BlobRequestConditions { IfMatch = BlobLook.Quoted(written.ETag) };
        var call = new BlobCall("blob:SnapshotBlob") { RetryPolicy = CallRetryPolicy.Once };
        var made = (await site.CallAsync(call, stop => target.CreateSnapshotAsync(metadata: null, conditions, stop),
            cancellation)).Value;
        var time = made.Snapshot
            ?? throw new CloudException(
                new CloudProblem.Unreachable("NoSnapshot", "the answer does not name the snapshot"), call.Operation);
        return written with { VersionId = new BlobMoment.Snapshot(time).Name, ETag = BlobLook.Bare(made.ETag) };
    }
}
