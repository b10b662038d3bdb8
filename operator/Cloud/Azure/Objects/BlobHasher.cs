using System.Buffers;
using System.Security.Cryptography;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Reads a blob through a fixed buffer and keeps nothing but its SHA-256.</summary>
internal sealed class BlobHasher(BlobSite site)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>The whole may take hours; a single read that brings nothing for so long is a dead connection.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) => site.ReadAsync(
        new AzureCall("blob:GetBlob", RequestMethod.Get, site.Place(store).Blob(key, BlobMoment.Of(versionId)), AzureAudience.Storage) { StreamsReply = true },
        DrainAsync,
        cancellation);

    private async Task<byte[]> DrainAsync(AzureReply reply, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var silence = new CancellationTokenSource(LongestSilence, site.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var total = 0L;
        try
        {
            while (await reply.Content!.ReadAsync(buffer.AsMemory(0, BufferBytes), both.Token) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                total += count;
                silence.CancelAfter(LongestSilence);
            }
        }
        finally
        {
            // The content is a tenant's; the pool's next user gets none of it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return total == new BlobLook(reply).Size ? hash.GetHashAndReset() : throw new EndOfStreamException("the content ended early");
    }
}
