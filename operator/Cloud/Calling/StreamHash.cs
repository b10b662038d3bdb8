using System.Buffers;
using System.Security.Cryptography;

namespace Cloud.Calling;

/// <summary>SHA-256 of what a cloud sends, read through a fixed buffer of which nothing is kept.</summary>
internal static class StreamHash
{
    private const int BufferBytes = 128 << 10;

    /// <summary>The whole may take hours; a single read that brings nothing for so long is a dead connection.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <exception cref="EndOfStreamException">There were not as many bytes as announced.</exception>
    public static async Task<byte[]> OfAsync(
        Stream content, long announced, TimeProvider time, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var total = 0L;
        try
        {
            while (await content.ReadAsync(buffer.AsMemory(0, BufferBytes), both.Token) is > 0 and var count)
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

        return total == announced ? hash.GetHashAndReset() : throw new EndOfStreamException("the content ended early");
    }
}
