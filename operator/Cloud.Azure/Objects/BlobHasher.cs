using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Reads a blob through a fixed buffer and keeps nothing but its SHA-256.</summary>
internal sealed class BlobHasher(BlobSite site)
{
    public async Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        var blob = site.Blob(store, key, BlobMoment.Of(versionId));
        return await site.CallAsync(
            new BlobCall("blob:GetBlob"),
            async stop =>
            {
                using var content = (await blob.DownloadStreamingAsync(options: null, stop)).Value;
                return await StreamHash.OfAsync(content.Content, content.Details.ContentLength, site.Time, stop);
            },
            cancellation);
    }
}
