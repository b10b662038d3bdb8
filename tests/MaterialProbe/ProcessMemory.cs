using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace MaterialProbe;

/// <summary>Searches all that another process has mapped and may read, as its core dump would hold it. For children of this process.</summary>
public static class ProcessMemory
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Enough to tell secrets from chance; the rest of a pattern is compared where these fit.</summary>
    private const int HeadBytes = 8;

    /// <returns>How many bytes were searched, and how often each pattern was found, in their order.</returns>
    public static (long Bytes, IReadOnlyList<int> Hits) Search(int processId, IReadOnlyList<byte[]> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var longest = patterns.Max(pattern => pattern.Length);
        var heads = patterns.Select((pattern, index) => (Head: BinaryPrimitives.ReadUInt64LittleEndian(pattern), index)).ToLookup(one => one.Head, one => one.index);
        var starts = new bool[1 << 16];
        foreach (var pattern in patterns)
        {
            starts[BinaryPrimitives.ReadUInt16LittleEndian(pattern)] = true;
        }

        var hits = new int[patterns.Count];
        var searched = 0L;
        using var memory = File.OpenHandle($"/proc/{processId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[ChunkBytes + longest];
        foreach (var (from, to) in Regions(processId))
        {
            for (var at = from; at < to; at += ChunkBytes)
            {
                // Chunks overlap by less than the longest pattern; what begins in the overlap is counted by the next chunk.
                var wanted = (int)Math.Min(ChunkBytes + longest - 1, to - at);
                var read = Read(memory, buffer.AsSpan(0, wanted), at);
                searched += Math.Min(read, ChunkBytes);
                Count(buffer.AsSpan(0, read), patterns, heads, starts, hits);
            }
        }

        return (searched, hits);
    }

    private static void Count(ReadOnlySpan<byte> memory, IReadOnlyList<byte[]> patterns, ILookup<ulong, int> heads, bool[] starts, int[] hits)
    {
        for (var at = 0; at < Math.Min(memory.Length - HeadBytes, ChunkBytes); at++)
        {
            if (!starts[BinaryPrimitives.ReadUInt16LittleEndian(memory[at..])])
            {
                continue;
            }

            foreach (var index in heads[BinaryPrimitives.ReadUInt64LittleEndian(memory[at..])])
            {
                hits[index] += memory[at..].StartsWith(patterns[index]) ? 1 : 0;
            }
        }
    }

    /// <summary>A region that went meanwhile, or that the kernel shows to nobody, reads as nothing.</summary>
    private static int Read(SafeFileHandle memory, Span<byte> buffer, long at)
    {
        var total = 0;
        try
        {
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(memory, buffer[total..], at + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (IOException)
        {
            // The pages read so far count.
        }

        return total;
    }

    private static List<(long From, long To)> Regions(int processId)
    {
        var regions = new List<(long, long)>();
        foreach (var line in File.ReadLines($"/proc/{processId}/maps"))
        {
            var fields = line.Split(' ', 3);
            var ends = fields[0].Split('-');
            if (fields[1].StartsWith('r') && long.TryParse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var from)
                && long.TryParse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var to) && from >= 0 && to >= from)
            {
                regions.Add((from, to));
            }
        }

        return regions;
    }
}
