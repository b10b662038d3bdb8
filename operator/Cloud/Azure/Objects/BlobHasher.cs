using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Reads a blob through a fixed buffer and keeps nothing but its SHA-256.</summary>
internal sealed class BlobHasher(BlobSite site)
{
    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) => site.ReadAsync(
        new AzureCall("blob:GetBlob", RequestMethod.Get, site.Place(store).Blob(key, BlobMoment.Of(versionId)), AzureAudience.Storage) { StreamsReply = true },
        (reply, stop) => StreamHash.OfAsync(reply.Content!, new BlobLook(reply).Size, site.Time, stop),
        cancellation);
}
