using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Small blobs of our own beside the data: receipts and checkpoints.</summary>
internal sealed class BlobMarks(BlobSite site, AccountKeys keys)
{
    public Task<Mark?> ReadAsync(StoreRef store, string key, CancellationToken cancellation) =>
        GetAsync(site, (store, key), evidence: null, cancellation);

    public async Task<string> WriteAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, (KeyRef Encryption, string? IfMatch) terms,
        CancellationToken cancellation)
    {
        if (content.Length > Mark.MostBytes)
        {
            throw Mark.TooLarge("blob:PutBlob");
        }

        await keys.RequireAsync("blob:PutBlob", store, terms.Encryption, cancellation);
        return await PutAsync(site, (store, key), content, terms.IfMatch, cancellation);
    }

    /// <summary>Null where it is not there.</summary>
    public static async Task<Mark?> GetAsync(
        BlobSite site, (StoreRef Store, string Key) place, Evidence? evidence, CancellationToken cancellation)
    {
        var blob = site.Blob(place.Store, place.Key, new BlobMoment.Live());
        try
        {
            return await site.CallAsync(new BlobCall("blob:GetBlob") { Accepts = [404] }, stop => ReadAsync(blob, stop),
                evidence, cancellation);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Gives the new ETag. Conflict where somebody was there first.</summary>
    /// <param name="site">The way there.</param>
    /// <param name="place">Container and name.</param>
    /// <param name="content">So small that it goes in one request.</param>
    /// <param name="ifMatch">Null: whatever is there; <see cref="Mark.OnlyNew"/>.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async Task<string> PutAsync(
        BlobSite site, (StoreRef Store, string Key) place, ReadOnlyMemory<byte> content, string? ifMatch,
        CancellationToken cancellation)
    {
        BlobPlace.Demand(place.Key);
        var blob = site.Container(place.Store).GetBlockBlobClient(place.Key);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Conditions = ifMatch switch
            {
                null => null,
                Mark.OnlyNew => new BlobRequestConditions { IfNoneMatch = ETag.All },
                _ => new BlobRequestConditions { IfMatch = BlobLook.Quoted(ifMatch) },
            },
        };
        var written = await site.CallAsync(
            new BlobCall("blob:PutBlob"),
            stop => blob.UploadAsync(BinaryData.FromBytes(content).ToStream(), options, stop), cancellation);
        return BlobLook.Bare(written.Value.ETag);
    }

    private static async Task<Mark> ReadAsync(BlobBaseClient blob, CancellationToken cancellation)
    {
        var reply = await blob.DownloadStreamingAsync(options: null, cancellation);
        using var found = reply.Value;
        if (found.Details.ContentLength > Mark.MostBytes)
        {
            throw Mark.TooLarge("blob:GetBlob", reply.GetRawResponse().Headers.RequestId);
        }

        var content = new byte[found.Details.ContentLength];
        await found.Content.ReadExactlyAsync(content, cancellation);
        return new Mark(content, BlobLook.Bare(found.Details.ETag));
    }
}
