using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>Immutable bytes that objects share: a copy of an object is another reference to them.</summary>
internal abstract class Content
{
    private const int Chunk = 64 * 1024;

    private byte[]? md5;

    public abstract long Length { get; }

    /// <summary>Made by a generator, not by a client: nobody can know its true MD5 without reading it all,
    /// so it gets a stable stand-in.</summary>
    public virtual bool IsSynthetic => false;

    /// <summary>Fills the destination from <paramref name="offset"/>; the range lies within the content.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    public byte[] Md5 => md5 ??= IsSynthetic ? StandIn() : Digest();

    /// <summary>Only what has been told or computed already.</summary>
    public byte[]? KnownMd5 => IsSynthetic ? null : md5;

    public void KnowMd5(byte[] digest) => md5 = digest;

    /// <summary>What makes synthetic content this content and no other.</summary>
    public virtual void Describe(IncrementalHash hash)
    {
    }

    public async Task WriteToAsync(PipeWriter writer, long offset, long count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            var length = (int)Math.Min(count, Chunk);
            Read(offset, writer.GetSpan(length)[..length]);
            writer.Advance(length);
            offset += length;
            count -= length;
            var flushed = await writer.FlushAsync(cancellation);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                return;
            }
        }
    }

    /// <summary>Shows the bytes of a range piece by piece.</summary>
    public void Visit(long offset, long count, Action<ReadOnlyMemory<byte>> visit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(count, 1, Chunk * 4L));
        try
        {
            while (count > 0)
            {
                var length = (int)Math.Min(count, buffer.Length);
                Read(offset, buffer.AsSpan(0, length));
                visit(buffer.AsMemory(0, length));
                offset += length;
                count -= length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Continues a CRC over a range; content that knows its own pattern
    /// may be quicker than reading it.</summary>
    public virtual ulong AppendCrc(Crc crc, ulong value, long offset, long count)
    {
        Visit(offset, count, piece => value = crc.Append(value, piece.Span));
        return value;
    }

    private byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Visit(0, Length, piece => hash.AppendData(piece.Span));
        return hash.GetHashAndReset();
    }

    private byte[] StandIn()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Describe(hash);
        return hash.GetHashAndReset();
    }
}
