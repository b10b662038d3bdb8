using System.Buffers;
using System.Security.Cryptography;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Takes bodies in, straight to where they stay, with the checksums that the client declares.</summary>
internal sealed class BlobIntake(SegmentStore segments)
{
    private const int InMemory = 4096;
    private const int Piece = 256 * 1024;

    public async Task<Content> ReceiveAsync(BlobCall call, long limit)
    {
        var length = call.Azure.Request.ContentLength ?? throw BlobProblems.MissingLength();
        if (length > limit)
        {
            throw BlobProblems.TooLarge(limit);
        }

        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var wantsCrc = call.Header("x-ms-content-crc64") is not null;
        var crc = 0UL;
        var content = await ReadAsync(call, length, piece =>
        {
            md5.AppendData(piece.Span);
            crc = wantsCrc ? Crc.Crc64Nvme.Append(crc, piece.Span) : 0;
        });
        content.KnowMd5(md5.GetHashAndReset());
        if (call.Header("Content-MD5") is { } declared && declared != Convert.ToBase64String(content.Md5))
        {
            throw BlobProblems.Md5Mismatch();
        }

        if (wantsCrc && call.Header("x-ms-content-crc64") != Convert.ToBase64String(BitConverter.GetBytes(crc)))
        {
            throw BlobProblems.Crc64Mismatch();
        }

        return content;
    }

    private async Task<Content> ReadAsync(BlobCall call, long length, Action<ReadOnlyMemory<byte>> seen)
    {
        var body = call.Azure.Request.Body;
        if (length <= InMemory)
        {
            var small = new byte[length];
            await body.ReadExactlyAsync(small, call.Azure.Cancellation);
            seen(small);
            return new MemoryContent(small);
        }

        var content = segments.Reserve(length);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, Piece));
        try
        {
            for (var at = 0L; at < length;)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at));
                await body.ReadExactlyAsync(piece, call.Azure.Cancellation);
                seen(piece);
                content.Write(at, piece.Span);
                at += piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return content;
    }
}
