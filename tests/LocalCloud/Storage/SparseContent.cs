using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>Any number of bytes that cost nothing: one page of noise, repeated, each page led by a mark of seed and
/// page number, so that other content and pages out of order show.</summary>
internal sealed class SparseContent : Content
{
    private const int Page = 64 * 1024;

    private static readonly byte[] Noise = MakeNoise();

    private readonly int seed;

    public SparseContent(long length, int seed)
    {
        Length = length;
        this.seed = seed;
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

    /// <summary>Pages differ only in their marks, so a whole page costs one combination:
    /// gigabytes in milliseconds.</summary>
    public override ulong AppendCrc(Crc crc, ulong value, long offset, long count)
    {
        var head = Math.Min(count, (Page - (offset % Page)) % Page);
        value = base.AppendCrc(crc, value, offset, head);
        (offset, count) = (offset + head, count - head);
        var rest = crc.Append(0, Noise.AsSpan(sizeof(long)));
        var (shiftMark, shiftPage) = (crc.Shift(Page - sizeof(long)), crc.Shift(Page));
        Span<byte> mark = stackalloc byte[sizeof(long)];
        for (; count >= Page; offset += Page, count -= Page)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(mark, Mark(offset / Page));
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
            Noise.AsSpan(within, length).CopyTo(destination);
            if (within < mark.Length)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(mark, Mark(offset / Page));
                var marked = mark[within..];
                marked[..Math.Min(marked.Length, length)].CopyTo(destination);
            }

            offset += length;
            destination = destination[length..];
        }
    }

    /// <summary>Any page of any seed gets its own (a finalizer of SplitMix64 over both).</summary>
    private ulong Mark(long page)
    {
        var mixed = ((ulong)(uint)seed << 40) + (ulong)page + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private static byte[] MakeNoise()
    {
        var noise = new byte[Page];
#pragma warning disable CA5394 // The same noise in every process is the point; nothing secret is drawn.
        new Random(1).NextBytes(noise);
#pragma warning restore CA5394
        return noise;
    }
}
