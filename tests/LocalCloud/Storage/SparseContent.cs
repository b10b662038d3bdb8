using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>Any number of bytes that cost nothing: a page of noise from a seed, repeated, each page marked with its number so that pages out of order show.</summary>
internal sealed class SparseContent : Content
{
    private const int Page = 64 * 1024;

    private readonly byte[] noise = new byte[Page];
    private readonly int seed;

    public SparseContent(long length, int seed)
    {
        Length = length;
        this.seed = seed;
#pragma warning disable CA5394 // Reproducible by seed is the point; nothing secret is drawn.
        new Random(seed).NextBytes(noise);
#pragma warning restore CA5394
    }

    public override long Length { get; }

    public override bool IsSynthetic => true;

    public override void Describe(IncrementalHash hash)
    {
        Span<byte> terms = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(terms, Length);
        BinaryPrimitives.WriteInt32LittleEndian(terms[8..], seed);
        hash.AppendData(terms);
    }

    /// <summary>Pages differ only in their marks, so a whole page costs one combination: gigabytes in milliseconds.</summary>
    public override ulong AppendCrc(Crc crc, ulong value, long offset, long count)
    {
        var head = Math.Min(count, (Page - (offset % Page)) % Page);
        value = base.AppendCrc(crc, value, offset, head);
        (offset, count) = (offset + head, count - head);
        var rest = crc.Append(0, noise.AsSpan(sizeof(long)));
        var (shiftMark, shiftPage) = (crc.Shift(Page - sizeof(long)), crc.Shift(Page));
        Span<byte> mark = stackalloc byte[sizeof(long)];
        for (; count >= Page; offset += Page, count -= Page)
        {
            BinaryPrimitives.WriteInt64LittleEndian(mark, offset / Page);
            var page = crc.CombineShifted(shiftMark, crc.Append(0, mark), rest);
            value = crc.CombineShifted(shiftPage, value, page);
        }

        return base.AppendCrc(crc, value, offset, count);
    }

    public override void Read(long offset, Span<byte> destination)
    {
        Span<byte> mark = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            var within = (int)(offset % Page);
            var length = Math.Min(destination.Length, Page - within);
            noise.AsSpan(within, length).CopyTo(destination);
            if (within < mark.Length)
            {
                BinaryPrimitives.WriteInt64LittleEndian(mark, offset / Page);
                var marked = mark[within..];
                marked[..Math.Min(marked.Length, length)].CopyTo(destination);
            }

            offset += length;
            destination = destination[length..];
        }
    }
}
