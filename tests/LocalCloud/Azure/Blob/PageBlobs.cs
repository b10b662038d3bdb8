using System.Globalization;
using LocalCloud.Aws.S3;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Blobs of 512-byte pages, written in place.</summary>
internal sealed class PageBlobs(BlobIntake intake)
{
    public const long MaxWrite = 4L << 20;
    private const long MaxSize = 8L << 40;

    public static long DemandSize(BlobCall call)
    {
        var size = call.Number("x-ms-blob-content-length")
            ?? throw BlobProblems.MissingHeader("x-ms-blob-content-length");
        return size >= 0 && size <= MaxSize && size % PageContent.Page == 0 ? size
            : throw BlobProblems.InvalidHeader("x-ms-blob-content-length", size.ToString(CultureInfo.InvariantCulture));
    }

    public async Task PutPage(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        call.DemandKey();
        var (start, count) = DemandRange(call);
        if (call.Required("x-ms-page-write") == "clear")
        {
            await WriteAsync(call, container, (start, count), null);
            return;
        }

        var content = await intake.ReceiveAsync(call, MaxWrite);
        await WriteAsync(call, container, (start, count), content.Length == count ? content
            : throw BlobProblems.InvalidPageRange());
    }

    /// <param name="call">The request.</param>
    /// <param name="container">The blob's container.</param>
    /// <param name="range">Where it goes.</param>
    /// <param name="content">null clears the range.</param>
    public static Task WriteAsync(BlobCall call, Container container, (long Start, long Count) range, Content? content)
    {
        var made = call.Change(container, blob =>
        {
            var pages = Demand(call, blob, range);
            return blob with { Content = content is null ? pages.Clear(range.Start, range.Count)
                : pages.Write(range.Start, content), Stamp = call.Stamp() };
        });
        call.Azure.Response.Headers["x-ms-blob-sequence-number"] = made.Sequence.ToString(CultureInfo.InvariantCulture);
        return BlobAnswers.SendWritten(call, made, md5: content?.KnownMd5);
    }

    public Task GetPageRanges(BlobCall call)
    {
        call.Demand(BlobRight.Read);
        var blob = call.Find(call.Container());
        var pages = blob.Content as PageContent ?? throw BlobProblems.WrongKind();
        var (start, end) = (0L, pages.Length);
        if ((call.Header("x-ms-range") ?? call.Header("Range")) is { } header
            && ByteRange.TryParse(header, pages.Length, out var from, out var count))
        {
            (start, end) = count > 0 ? (from, from + count) : throw BlobProblems.InvalidRange();
        }

        BlobAnswers.WriteChange(call, blob);
        call.Azure.Response.Headers["x-ms-blob-content-length"] = pages.Length.ToString(CultureInfo.InvariantCulture);
        return BlobXml.SendAsync(call, "PageList", xml =>
        {
            foreach (var (first, last) in pages.Ranges.Select(range =>
                (Math.Max(range.Start, start), Math.Min(range.End, end))).Where(range => range.Item1 < range.Item2))
            {
                xml.WriteStartElement("PageRange");
                xml.WriteElementString("Start", first.ToString(CultureInfo.InvariantCulture));
                xml.WriteElementString("End", (last - 1).ToString(CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }
        });
    }

    public static (long Start, long Count) DemandRange(BlobCall call)
    {
        var header = call.Header("x-ms-range") ?? call.Required("Range");
        return ByteRange.TryParse(header, long.MaxValue, out var start, out var count) && start % PageContent.Page == 0
            && count % PageContent.Page == 0 && count > 0
            ? (start, count) : throw BlobProblems.InvalidPageRange();
    }

    private static PageContent Demand(BlobCall call, BlobState blob, (long Start, long Count) range)
    {
        var pages = blob.Content as PageContent ?? throw BlobProblems.WrongKind();
        if (range.Start + range.Count > pages.Length)
        {
            throw BlobProblems.InvalidPageRange();
        }

        var fails = (call.Number("x-ms-if-sequence-number-le") is { } le && blob.Sequence > le)
            || (call.Number("x-ms-if-sequence-number-lt") is { } lt && blob.Sequence >= lt)
            || (call.Number("x-ms-if-sequence-number-eq") is { } eq && blob.Sequence != eq);
        return fails ? throw BlobProblems.Sequence() : pages;
    }
}
