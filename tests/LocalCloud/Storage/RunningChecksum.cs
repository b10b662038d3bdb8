using System.Security.Cryptography;

namespace LocalCloud.Storage;

/// <summary>One checksum in the making.</summary>
internal sealed class RunningChecksum(ChecksumAlgorithm algorithm) : IDisposable
{
    private readonly IncrementalHash? hash = algorithm switch
    {
        ChecksumAlgorithm.SHA1 => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        ChecksumAlgorithm.SHA256 => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
        _ => null,
    };

    private ulong crc;

    public static Crc? CrcOf(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.CRC32 => Crc.Crc32,
        ChecksumAlgorithm.CRC32C => Crc.Crc32C,
        ChecksumAlgorithm.CRC64NVME => Crc.Crc64Nvme,
        _ => null,
    };

    public static byte[] Of(Content content, ChecksumAlgorithm algorithm)
    {
        if (CrcOf(algorithm) is { } crc)
        {
            return crc.ToBytes(content.AppendCrc(crc, 0, 0, content.Length));
        }

        using var running = new RunningChecksum(algorithm);
        content.Visit(0, content.Length, piece => running.Append(piece.Span));
        return running.Finish();
    }

    public static byte[] Of(ReadOnlySpan<byte> bytes, ChecksumAlgorithm algorithm)
    {
        using var running = new RunningChecksum(algorithm);
        running.Append(bytes);
        return running.Finish();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (hash is not null)
        {
            hash.AppendData(bytes);
        }
        else
        {
            crc = CrcOf(algorithm)!.Append(crc, bytes);
        }
    }

    public byte[] Finish() => hash?.GetHashAndReset() ?? CrcOf(algorithm)!.ToBytes(crc);

    public void Dispose() => hash?.Dispose();
}
