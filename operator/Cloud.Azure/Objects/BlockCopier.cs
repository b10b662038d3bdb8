using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Cloud.Azure.Objects;

/// <summary>Copies a block blob by blocks. A block list inherits nothing,
/// so everything but the bytes is carried over by hand.</summary>
internal sealed class BlockCopier(AzureOptions options)
{
    private const int BlocksAtOnce = 8;

    public async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(cancellation);
        var blocks = RangePlan.ForBlocks(look.Size)
            .Select((range, index) => (Id: IdOf(copy.Source, copy.Version.ETag, range, index), Range: range)).ToList();
        var target = copy.Target.GetBlockBlobClient(copy.TargetKey);
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(blocks, bounds, async (block, stop) =>
        {
            var piece = new StageBlockFromUriOptions
            {
                SourceRange = block.Range,
                SourceAuthentication = await copy.SourceAuthorizationAsync(stop),
                SourceConditions = new RequestConditions { IfMatch = copy.SourceETag },
                DestinationConditions = copy.Shown,
            };
            await copy.WriteAsync("blob:PutBlockFromUrl",
                token => target.StageBlockFromUriAsync(copy.Source, block.Id, piece, token), stop);
        });
        var commit = new CommitBlockListOptions
        {
            HttpHeaders = look.HttpHeaders(
                isDigestKept: !BlobForm.HasCheckedDigest(look.Form, look.Size, options.CopyByBlocksAbove)),
            Metadata = look.Metadata,
            Tags = await copy.TagsAsync(look, cancellation),
            AccessTier = BlobForm.Tier(look.Tier),
            Conditions = copy.On,
        };
        var made = WrittenBlob.Of(
            await copy.WriteAsync("blob:PutBlockList",
                stop => target.CommitBlockListAsync(blocks.Select(block => block.Id), commit, stop), cancellation));
        await copy.HoldAsync(made, cancellation);
        return made;
    }

    /// <summary>
    /// Says what is in the block. The SDK commits the latest block of an id, be it one that another worker has
    /// committed meanwhile: a block of the same id is then one of the same bytes, and never of another state of the
    /// source. All ids of a blob have one length.
    /// </summary>
    internal static string IdOf(Uri source, string etag, HttpRange range, int index)
    {
        var content = SHA256.HashData(Encoding.UTF8.GetBytes($"{source.AbsoluteUri}\n{etag}\n{range}"));
        return Convert.ToBase64String(
            [.. content.AsSpan(0, 16), .. Encoding.ASCII.GetBytes(index.ToString("D8", CultureInfo.InvariantCulture))]);
    }
}
