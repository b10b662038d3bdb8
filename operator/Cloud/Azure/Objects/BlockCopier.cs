using System.Globalization;
using System.Text;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>Copies a block blob by blocks. A block list inherits nothing, so everything but the bytes is carried over by hand.</summary>
internal sealed class BlockCopier(BlobSite site)
{
    private const int BlocksAtOnce = 8;

    public async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(site, cancellation);
        var ranges = BlobRanges.ForBlocks(look.Size);
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(ranges.Index(), bounds, async (block, stop) =>
        {
            // The headers are asked for anew: what is copied block by block may outlast a token.
            List<(string, string)> headers = [.. await copy.SourceAsync(site, stop), ("x-ms-source-range", block.Item.ToString())];
            await site.SendAsync(copy.Put("blob:PutBlockFromUrl", $"block&blockid={Uri.EscapeDataString(IdOf(block.Index))}", headers), stop);
        });
        return await CommitAsync(copy, look, ranges.Count, cancellation);
    }

    /// <summary>All ids of a blob have one length; more than the service takes is not counted to.</summary>
    private static string IdOf(int index) => Convert.ToBase64String(Encoding.ASCII.GetBytes(index.ToString("D8", CultureInfo.InvariantCulture)));

    private async Task<WrittenBlob> CommitAsync(BlobCopy copy, BlobLook look, int count, CancellationToken cancellation)
    {
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (var index = 0; index < count; index++)
        {
            list.Append("<Uncommitted>").Append(IdOf(index)).Append("</Uncommitted>");
        }

        var headers = look.ToGive();
        if (look.Tier is { } tier)
        {
            headers.Add(("x-ms-access-tier", tier));
        }

        if (look.Md5 is { } md5 && !BlobForm.HasCheckedDigest(look.Form, look.Size, site.Options.CopyByBlocksAbove))
        {
            headers.Add(("x-ms-blob-content-md5", md5));
        }

        await BlobTags.CarryAsync(site, copy, look, headers, cancellation);
        headers.Add(("Content-Type", "application/xml"));
        var call = copy.Put("blob:PutBlockList", "blocklist", headers) with { Body = Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString()) };
        return WrittenBlob.Of(await site.SendAsync(call, cancellation));
    }
}
