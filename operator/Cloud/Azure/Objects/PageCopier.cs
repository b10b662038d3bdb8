using System.Globalization;
using System.Xml.Linq;
using Azure.Core;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>Copies a page blob: one of the same size without any page, then the pages that the source has written.</summary>
internal sealed class PageCopier(BlobSite site)
{
    private const int WritesAtOnce = 8;

    /// <summary>Of a list of page ranges.</summary>
    private const int PageSize = 10_000;

    public async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(site, cancellation);
        var headers = look.ToGive();
        headers.Add(("x-ms-blob-type", BlobForm.Page));
        headers.Add(("x-ms-blob-content-length", look.Size.ToString(CultureInfo.InvariantCulture)));
        headers.Add(("x-ms-blob-sequence-number", look.Sequence));
        if (look.Md5 is { } md5)
        {
            headers.Add(("x-ms-blob-content-md5", md5));
        }

        await BlobTags.CarryAsync(site, copy, look, headers, cancellation);
        var made = WrittenBlob.Of(await site.SendAsync(copy.Put("blob:PutBlob", comp: null, headers), cancellation));
        string? marker = null;
        do
        {
            (var ranges, marker) = await RangesAsync(copy, marker, cancellation);
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellation };
            await Parallel.ForEachAsync(ranges.SelectMany(BlobRanges.ForPages), bounds, async (range, stop) => await WriteAsync(copy, range, stop));
        }
        while (marker is not null);

        // Each write gave it another ETag, and they were many at once.
        var copied = await BlobLook.AskAsync(site, copy.Target.Blob(copy.TargetKey, BlobMoment.Of(made.VersionId)), etag: null, cancellation);
        return made with { ETag = copied.ETag };
    }

    private async Task WriteAsync(BlobCopy copy, BlobRange range, CancellationToken cancellation) => await site.SendAsync(
        copy.Put(
            "blob:PutPageFromUrl",
            "page",
            [
                .. await copy.SourceAsync(site, cancellation),
                ("x-ms-page-write", "update"),
                ("x-ms-range", range.ToString()),
                ("x-ms-source-range", range.ToString()),
            ]),
        cancellation);

    private async Task<(IReadOnlyList<BlobRange> Ranges, string? Next)> RangesAsync(BlobCopy copy, string? marker, CancellationToken cancellation)
    {
        var comp = string.Create(CultureInfo.InvariantCulture, $"pagelist&maxresults={PageSize}") + (marker is null ? "" : $"&marker={Uri.EscapeDataString(marker)}");
        var reply = await site.SendAsync(
            new AzureCall("blob:GetPageRanges", RequestMethod.Get, copy.Source.Blob(copy.Version.Key, copy.From, comp), AzureAudience.Storage)
            {
                Headers = [("If-Match", BlobLook.Quoted(copy.Version.ETag))],
            },
            cancellation);
        var list = XDocument.Load(reply.Body.ToStream()).Root!;
        return (
            [.. list.Elements("PageRange").Select(range => new BlobRange(Number(range, "Start"), Number(range, "End")))],
            list.Element("NextMarker")?.Value is { Length: > 0 } next ? next : null);
    }

    private static long Number(XElement range, string name) => long.Parse(range.Element(name)!.Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
