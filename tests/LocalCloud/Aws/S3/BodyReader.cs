using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Aws.S3;

/// <summary>
/// The bytes of an upload, freed of aws-chunked framing. Trailing checksums are kept for the caller; signatures of
/// single chunks are not verified. A body whose SHA-256 the client signed is checked against it.
/// </summary>
internal sealed class BodyReader
{
    private const int LineLimit = 8192;

    private readonly Stream body;
    private readonly bool chunked;
    private readonly string? declaredHash;
    private readonly IncrementalHash? hash;
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private long chunkLeft;
    private bool finished;

    public BodyReader(S3Call call)
    {
        body = call.Aws.Request.Body;
        var kind = call.Header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
        chunked = kind.StartsWith("STREAMING-", StringComparison.Ordinal);
        Length = chunked
            ? long.TryParse(call.Header("x-amz-decoded-content-length"), CultureInfo.InvariantCulture, out var decoded)
                ? decoded : null
            : call.Aws.Request.ContentLength;
        if (!chunked && kind.Length == 64)
        {
            declaredHash = kind;
            hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }
    }

    /// <summary>null: the client didn't say, which S3 doesn't accept.</summary>
    public long? Length { get; }

    /// <summary>Complete once the body has been read to its end.</summary>
    public Dictionary<string, string> Trailers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        if (!chunked)
        {
            var plain = await body.ReadAsync(destination, cancellation);
            Check(destination.Span[..plain], plain == 0);
            return plain;
        }

        if (finished || destination.IsEmpty)
        {
            return 0;
        }

        if (chunkLeft == 0 && !await NextChunkAsync(cancellation))
        {
            return 0;
        }

        var read = await ReadRawAsync(destination[..(int)Math.Min(destination.Length, chunkLeft)], cancellation);
        chunkLeft -= read;
        if (chunkLeft == 0)
        {
            await ReadLineAsync(cancellation);
        }

        return read;
    }

    public async Task<byte[]> ReadAllAsync(int limit)
    {
        using var all = new MemoryStream();
        var piece = new byte[8192];
        int read;
        while ((read = await ReadAsync(piece, CancellationToken.None)) > 0)
        {
            all.Write(piece, 0, read);
            if (all.Length > limit)
            {
                throw S3Problems.MalformedXml();
            }
        }

        return all.ToArray();
    }

    private void Check(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        if (hash is null || finished)
        {
            return;
        }

        hash.AppendData(bytes);
        if (atEnd)
        {
            finished = true;
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != declaredHash)
            {
                throw new AwsProblem(400, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
            }
        }
    }

    private async ValueTask<bool> NextChunkAsync(CancellationToken cancellation)
    {
        var line = await ReadLineAsync(cancellation);
        var mark = line.IndexOf(';', StringComparison.Ordinal);
        if (!long.TryParse(mark < 0 ? line
            : line[..mark], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out chunkLeft))
        {
            throw new AwsProblem(400, "IncompleteBody", "The request body terminated unexpectedly");
        }

        if (chunkLeft > 0)
        {
            return true;
        }

        string trailer;
        while ((trailer = await ReadLineAsync(cancellation, orEnd: true)).Length > 0)
        {
            var colon = trailer.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                Trailers[trailer[..colon].Trim()] = trailer[(colon + 1)..].Trim();
            }
        }

        finished = true;
        return false;
    }

    private async ValueTask<int> ReadRawAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        if (start == end)
        {
            var direct = await body.ReadAsync(destination, cancellation);
            return direct > 0 ? direct
                : throw new AwsProblem(400, "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }

        var length = Math.Min(destination.Length, end - start);
        buffer.AsMemory(start, length).CopyTo(destination);
        start += length;
        return length;
    }

    private async ValueTask<string> ReadLineAsync(CancellationToken cancellation, bool orEnd = false)
    {
        var line = new StringBuilder(96);
        while (true)
        {
            if (start == end)
            {
                (start, end) = (0, await body.ReadAsync(buffer, cancellation));
                if (end == 0)
                {
                    return orEnd ? line.ToString()
                        : throw new AwsProblem(400, "IncompleteBody", "The request body terminated unexpectedly");
                }
            }

            var letter = (char)buffer[start++];
            if (letter == '\n')
            {
                return line.ToString();
            }

            if (letter != '\r')
            {
                line.Append(letter);
            }

            if (line.Length > LineLimit)
            {
                throw new AwsProblem(400, "IncompleteBody", "A chunk header is too long");
            }
        }
    }
}
