using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace MaterialProbe;

/// <summary>Searches all that another process has mapped and may read. For children of this process.</summary>
public static class ProcessMemory
{
    /// <returns>How many bytes were searched, and how often each pattern was found, in their order.</returns>
    public static (long Bytes, IReadOnlyList<int> Hits) Search(int processId, IReadOnlyList<byte[]> patterns)
    {
        var sought = new Sought(patterns);
        using var memory =
            File.OpenHandle($"/proc/{processId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (var (from, to) in Regions(processId))
        {
            sought.Search(from, to, (buffer, at) => Read(memory, buffer, at));
        }

        return (sought.Bytes, sought.Hits);
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
            if (fields[1].StartsWith('r')
                && long.TryParse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var from)
                && long.TryParse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var to) && from >= 0
                && to >= from)
            {
                regions.Add((from, to));
            }
        }

        return regions;
    }
}
