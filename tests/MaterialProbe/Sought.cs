using System.Buffers.Binary;

namespace MaterialProbe;

/// <summary>Byte patterns that are counted in whatever is shown, piece by piece; pieces overlap,
/// so that none is missed between two.</summary>
internal sealed class Sought
{
    private const int PieceBytes = 1 << 20;

    private readonly IReadOnlyList<byte[]> patterns;

    /// <summary>Enough to tell secrets from chance; the rest of a pattern is
    /// compared where these eight bytes fit.</summary>
    private readonly ILookup<ulong, int> heads;
    private readonly bool[] starts = new bool[1 << 16];
    private readonly int[] hits;
    private readonly byte[] buffer;

    public Sought(IReadOnlyList<byte[]> patterns)
    {
        this.patterns = patterns;
        hits = new int[patterns.Count];
        buffer = new byte[PieceBytes + patterns.Max(pattern => pattern.Length)];
        heads = patterns.Select((pattern, index) => (Head: BinaryPrimitives.ReadUInt64LittleEndian(pattern), index))
            .ToLookup(one => one.Head, one => one.index);
        foreach (var pattern in patterns)
        {
            starts[BinaryPrimitives.ReadUInt16LittleEndian(pattern)] = true;
        }
    }

    public delegate int Reader(Span<byte> buffer, long at);

    public IReadOnlyList<int> Hits => hits;

    public long Bytes { get; private set; }

    public void Search(long from, long to, Reader read)
    {
        for (var at = from; at < to; at += PieceBytes)
        {
            // What begins in the overlap is counted by the next piece.
            var got = read(buffer.AsSpan(0, (int)Math.Min(buffer.Length - 1, to - at)), at);
            Bytes += Math.Min(got, PieceBytes);
            Count(buffer.AsSpan(0, got));
        }
    }

    private void Count(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < Math.Min(piece.Length - sizeof(ulong), PieceBytes); at++)
        {
            if (!starts[BinaryPrimitives.ReadUInt16LittleEndian(piece[at..])])
            {
                continue;
            }

            foreach (var index in heads[BinaryPrimitives.ReadUInt64LittleEndian(piece[at..])])
            {
                hits[index] += piece[at..].StartsWith(patterns[index]) ? 1 : 0;
            }
        }
    }
}
