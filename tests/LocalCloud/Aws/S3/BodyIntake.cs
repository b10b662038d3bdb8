using System.Security.Cryptography;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>Takes bodies in, straight to where they stay,
/// with the checks that S3 makes before it believes them.</summary>
internal sealed class BodyIntake(SegmentStore segments)
{
    private const int InMemory = 4096;
    private const int Piece = 256 * 1024;
    private const long MaxPut = 5L << 30;

    public async Task<ReceivedBody> ReceiveAsync(S3Call call, ChecksumAlgorithm? wanted = null)
    {
        var reader = new BodyReader(call);
        var length = reader.Length
            ?? throw new AwsProblem(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (length > MaxPut)
        {
            throw new AwsProblem(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        }

        var (algorithm, expected) = Declared(call, wanted);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var checksum = new RunningChecksum(algorithm);
        var content = await ReadAsync(reader, length, bytes =>
        {
            md5.AppendData(bytes.Span);
            checksum.Append(bytes.Span);
        }, call.Cancellation);
        content.KnowMd5(md5.GetHashAndReset());
        if (call.Header("Content-MD5") is { } declared && declared != Convert.ToBase64String(content.Md5))
        {
            throw new AwsProblem(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
        }

        var computed = new ObjectChecksum(algorithm, Convert.ToBase64String(checksum.Finish()));
        expected ??= reader.Trailers.GetValueOrDefault(computed.HeaderName);
        return expected is null || expected == computed.Value ? new ReceivedBody(content, computed)
            : throw new AwsProblem(400, "BadDigest",
                $"The {algorithm} you specified did not match the calculated checksum.");
    }

    private async Task<Content> ReadAsync(
        BodyReader reader, long length, Action<ReadOnlyMemory<byte>> seen, CancellationToken cancellation)
    {
        if (length <= InMemory)
        {
            var small = new byte[length];
            await FillAsync(reader, small, cancellation);
            seen(small);
            await DemandEndAsync(reader, cancellation);
            return new MemoryContent(small);
        }

        var content = segments.Reserve(length);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent((int)Math.Min(length, Piece));
        try
        {
            for (var at = 0L; at < length;)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at));
                await FillAsync(reader, piece, cancellation);
                seen(piece);
                content.Write(at, piece.Span);
                at += piece.Length;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        await DemandEndAsync(reader, cancellation);
        return content;
    }

    private static async Task FillAsync(BodyReader reader, Memory<byte> destination, CancellationToken cancellation)
    {
        while (!destination.IsEmpty)
        {
            var read = await reader.ReadAsync(destination, cancellation);
            if (read == 0)
            {
                throw new AwsProblem(400, "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
            }

            destination = destination[read..];
        }
    }

    private static async Task DemandEndAsync(BodyReader reader, CancellationToken cancellation)
    {
        if (await reader.ReadAsync(new byte[1], cancellation) > 0)
        {
            throw new AwsProblem(400, "IncompleteBody", "The request body is longer than it was declared to be");
        }
    }

    /// <summary>The algorithm a client names, by header, trailer or value;
    /// S3 takes CRC64NVME where it names none.</summary>
    private static (ChecksumAlgorithm Algorithm, string? Expected) Declared(S3Call call, ChecksumAlgorithm? wanted)
    {
        foreach (var algorithm in Enum.GetValues<ChecksumAlgorithm>())
        {
            if (call.Header(ObjectChecksum.HeaderFor(algorithm)) is { } value)
            {
                return (algorithm, value);
            }
        }

        var trailer = call.Header("x-amz-trailer") ?? "";
        foreach (var algorithm in Enum.GetValues<ChecksumAlgorithm>())
        {
            if (trailer.Trim().Equals(ObjectChecksum.HeaderFor(algorithm), StringComparison.OrdinalIgnoreCase))
            {
                return (algorithm, null);
            }
        }

        var named = call.Header("x-amz-sdk-checksum-algorithm") ?? call.Header("x-amz-checksum-algorithm");
        return (named is not null ? ObjectChecksum.Parse(named) : wanted ?? ChecksumAlgorithm.CRC64NVME, null);
    }
}
