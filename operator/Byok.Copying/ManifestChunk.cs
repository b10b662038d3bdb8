using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Byok.Copying;

/// <summary>A piece of a manifest as it stands in the target: gzip of JSON lines, the head first,
/// then entries in key order.</summary>
public sealed record ManifestChunk(ChunkHead Head, IReadOnlyList<ManifestEntry> Entries, string Digest)
{
    /// <summary>The digest before the first chunk.</summary>
    public static readonly string NoDigest = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>A mark holds at most 1 MiB; entries are cut far enough below
    /// that gzip's worst case stays under it.</summary>
    public const int MaxBodyBytes = 768 * 1024;

    private const byte NewLine = (byte)'\n';

    public static byte[] Line(ManifestEntry entry) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(entry, CopyJson.Default.ManifestEntry), NewLine];

    /// <summary>Chains the body's lines to everything before them.</summary>
    public static string Chain(string previous, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Convert.FromHexString(previous));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static byte[] Pack(ChunkHead head, ReadOnlySpan<byte> body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(JsonSerializer.SerializeToUtf8Bytes(head, CopyJson.Default.ChunkHead));
            gzip.WriteByte(NewLine);
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    public static ManifestChunk Unpack(ReadOnlyMemory<byte> packed, string name)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            gzip.CopyTo(plain);
            return Parse(plain.GetBuffer().AsSpan(0, (int)plain.Length), name);
        }
        catch (Exception fault) when (fault is InvalidDataException or JsonException or FormatException)
        {
            throw new ManifestDamagedException($"{name} is not readable", fault);
        }
    }

    private static ManifestChunk Parse(ReadOnlySpan<byte> text, string name)
    {
        var cut = text.IndexOf(NewLine);
        if (cut < 0 || JsonSerializer.Deserialize(text[..cut], CopyJson.Default.ChunkHead) is not { } head)
        {
            throw new ManifestDamagedException($"{name} has no head");
        }

        var body = text[(cut + 1)..];
        List<ManifestEntry> entries = [];
        for (var rest = body; !rest.IsEmpty;)
        {
            var end = rest.IndexOf(NewLine);
            if (end < 0)
            {
                throw new ManifestDamagedException($"{name} ends within a line");
            }

            entries.Add(JsonSerializer.Deserialize(rest[..end], CopyJson.Default.ManifestEntry)!);
            rest = rest[(end + 1)..];
        }

        return new ManifestChunk(head, entries, Chain(head.Previous, body));
    }
}
