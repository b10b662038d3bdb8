using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>The parts of a multipart upload, one after the other.</summary>
internal sealed class JoinedContent : Content
{
    private readonly Content[] parts;
    private readonly long[] starts;

    public JoinedContent(IReadOnlyList<Content> parts)
    {
        this.parts = [.. parts];
        starts = new long[parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            starts[i] = Length;
            Length += parts[i].Length;
        }
    }

    public IReadOnlyList<Content> Parts => parts;

    public override long Length { get; }

    public override bool IsSynthetic => parts.Any(part => part.IsSynthetic);

    public override void Describe(IncrementalHash hash)
    {
        foreach (var part in parts)
        {
            hash.AppendData(part.Md5);
        }
    }

    public override ulong AppendCrc(Crc crc, ulong value, long offset, long count)
    {
        for (var i = 0; i < parts.Length && count > 0; i++)
        {
            var within = offset - starts[i];
            if (within >= 0 && within < parts[i].Length)
            {
                var length = Math.Min(count, parts[i].Length - within);
                value = parts[i].AppendCrc(crc, value, within, length);
                (offset, count) = (offset + length, count - length);
            }
        }

        return value;
    }

    public override void Read(long offset, Span<byte> destination)
    {
        var index = Array.BinarySearch(starts, offset);
        index = index < 0 ? ~index - 1 : index;
        while (!destination.IsEmpty)
        {
            var within = offset - starts[index];
            var length = (int)Math.Min(destination.Length, parts[index].Length - within);
            parts[index].Read(within, destination[..length]);
            offset += length;
            destination = destination[length..];
            index++;
        }
    }
}
