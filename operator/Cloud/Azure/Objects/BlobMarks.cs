using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Small blobs of our own beside the data: receipts and checkpoints.</summary>
internal sealed class BlobMarks(BlobSite site, AccountKeys keys)
{
    public async Task<Mark?> ReadAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        try
        {
            return await site.ReadAsync(
                new AzureCall("blob:GetBlob", RequestMethod.Get, Address(store, key), AzureAudience.Storage) { StreamsReply = true }, ReadAsync, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.NotFound)
        {
            return null;
        }
    }

    public async Task<string> WriteAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, (KeyRef Encryption, string? IfMatch) terms, CancellationToken cancellation)
    {
        if (content.Length > Mark.MostBytes)
        {
            throw Mark.TooLarge("blob:PutBlob");
        }

        await keys.RequireAsync("blob:PutBlob", store, terms.Encryption, cancellation);
        List<(string, string)> headers = [("x-ms-blob-type", BlobForm.Block), ("x-ms-blob-content-type", "application/json")];
        if (terms.IfMatch is { } expected)
        {
            headers.Add(expected == Mark.OnlyNew ? ("If-None-Match", "*") : ("If-Match", BlobLook.Quoted(expected)));
        }

        var reply = await site.SendAsync(
            new AzureCall("blob:PutBlob", RequestMethod.Put, Address(store, key), AzureAudience.Storage) { Headers = headers, Body = content }, cancellation);
        return BlobLook.Bare(reply.Header("ETag"));
    }

    private Uri Address(StoreRef store, string key) => site.Place(store).Blob(key, new BlobMoment.Live());

    private static async Task<Mark> ReadAsync(AzureReply reply, CancellationToken cancellation)
    {
        var look = new BlobLook(reply);
        if (look.Size > Mark.MostBytes)
        {
            throw Mark.TooLarge("blob:GetBlob", reply.Evidence.RequestId);
        }

        var content = new byte[look.Size];
        await reply.Content!.ReadExactlyAsync(content, cancellation);
        return new Mark(content, look.ETag);
    }
}
