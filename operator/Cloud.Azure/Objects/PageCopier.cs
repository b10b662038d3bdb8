using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>Copies a page blob: one of the same size without any page,
/// then the pages that the source has written.</summary>
internal sealed class PageCopier(BlobSite site)
{
    private const int WritesAtOnce = 8;

    /// <summary>Of a list of page ranges.</summary>
    private const int PageSize = 10_000;

    public async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(cancellation);
        var target = copy.Target.GetPageBlobClient(copy.TargetKey);
        var options = new PageBlobCreateOptions
        {
            SequenceNumber = look.Properties.BlobSequenceNumber,
            HttpHeaders = look.HttpHeaders(isDigestKept: true),
            Metadata = look.Metadata,
            Tags = await copy.TagsAsync(look, cancellation),
            Conditions = copy.On is { } on ? new() { IfNoneMatch = on.IfNoneMatch, LeaseId = on.LeaseId } : null,
        };
        var made = WrittenBlob.Of(
            await copy.WriteAsync("blob:PutBlob", stop => target.CreateAsync(look.Size, options, stop), cancellation));
        copy = await copy.HoldAsync(made, cancellation);
        string? marker = null;
        do
        {
            var written = await RangesAsync(copy, marker, cancellation);
            var bounds =
                new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(
                written.Values.SelectMany(item => RangePlan.ForPages(item.Range)), bounds,
                async (range, stop) => await WriteAsync(copy, target, range, stop));
            marker = written.ContinuationToken;
        }
        while (marker is { Length: > 0 });

        // Each write gave it another ETag, and they were many at once.
        var copied = await BlobLook.AskAsync(site,
            site.Blob(copy.Order.Target, copy.TargetKey, BlobMoment.Of(made.VersionId)), etag: null, cancellation);
        return made with { ETag = copied.ETag };
    }

    private static async Task WriteAsync(
        BlobCopy copy, PageBlobClient target, HttpRange range, CancellationToken cancellation)
    {
        var piece = new PageBlobUploadPagesFromUriOptions
        {
            SourceAuthentication = await copy.SourceAuthorizationAsync(cancellation),
            SourceConditions = new PageBlobRequestConditions { IfMatch = copy.SourceETag },
            DestinationConditions = copy.LeaseId is { } lease ? new() { LeaseId = lease } : null,
        };
        await copy.WriteAsync("blob:PutPageFromUrl",
            stop => target.UploadPagesFromUriAsync(copy.Source, range, range, piece, stop), cancellation);
    }

    private Task<Page<PageRangeItem>> RangesAsync(BlobCopy copy, string? marker, CancellationToken cancellation)
    {
        var source = site.Pages(copy.Order.Source, copy.Version.Key, copy.From);
        var options =
            new GetPageRangesOptions { Conditions = new PageBlobRequestConditions { IfMatch = copy.SourceETag } };
        return site.CallAsync(
            new BlobCall("blob:GetPageRanges"),
            stop => BlobSite.FirstAsync(source.GetAllPageRangesAsync(options, stop).AsPages(marker, PageSize)),
            cancellation);
    }
}
