using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Keys;
using Checksum = Cloud.Objects.Checksum;

namespace Cloud.Aws.Objects;

/// <summary>S3's spellings turned into ours and back. Pure.</summary>
internal static class S3Values
{
    /// <summary>The id of what was written while its bucket kept no versions, before it did or once that is suspended:
    /// the one id under which something else may stand later.</summary>
    public const string NullVersion = "null";

    public static string Bare(string? etag) => etag?.Trim('"') ?? "";

    public static string Quoted(string etag) => $"\"{etag}\"";

    public static ServerSideEncryptionMethod MethodOf(KeyRef key) =>
        key.IsStoreManaged ? ServerSideEncryptionMethod.AES256 : ServerSideEncryptionMethod.AWSKMS;

    /// <summary>Null where the method says it all.</summary>
    public static string? KeyOf(KeyRef key) => key.IsStoreManaged ? null : key.Id;

    /// <summary>What an answer says that it was written under, to be held against <see cref="KeyRef.Id"/>;
    /// null where it names no key.</summary>
    public static string? WrittenUnder(KeyRef ordered, ServerSideEncryptionMethod? method, string? keyId) =>
        keyId is { Length: > 0 } ? keyId
        : ordered.IsStoreManaged && method == ServerSideEncryptionMethod.AES256 ? KeyRef.StoreManaged
        : null;

    /// <summary>The strongest first: a hash before a sum. Of an object with several,
    /// one is enough to compare.</summary>
    public static Checksum? ChecksumOf(CopyObjectResponse answer) => Strongest(
        answer.ChecksumType?.Value, answer.ChecksumSHA256, answer.ChecksumSHA1, answer.ChecksumCRC64NVME,
        answer.ChecksumCRC32C, answer.ChecksumCRC32);

    public static Checksum? ChecksumOf(GetObjectMetadataResponse answer) => Strongest(
        answer.ChecksumType?.Value, answer.ChecksumSHA256, answer.ChecksumSHA1, answer.ChecksumCRC64NVME,
        answer.ChecksumCRC32C, answer.ChecksumCRC32);

    public static Checksum? ChecksumOf(CompleteMultipartUploadResponse answer) => Strongest(
        answer.ChecksumType?.Value, answer.ChecksumSHA256, answer.ChecksumSHA1, answer.ChecksumCRC64NVME,
        answer.ChecksumCRC32C, answer.ChecksumCRC32);

    private static Checksum? Strongest(
        string? type, string? sha256, string? sha1, string? crc64, string? crc32c, string? crc32)
    {
        var (algorithm, value) = (sha256, sha1, crc64, crc32c, crc32) switch
        {
            ({ Length: > 0 }, _, _, _, _) => ("SHA256", sha256),
            (_, { Length: > 0 }, _, _, _) => ("SHA1", sha1),
            (_, _, { Length: > 0 }, _, _) => ("CRC64NVME", crc64),
            (_, _, _, { Length: > 0 }, _) => ("CRC32C", crc32c),
            (_, _, _, _, { Length: > 0 }) => ("CRC32", crc32),
            _ => ("", null),
        };

        // A hash of part hashes carries its part count behind a dash, also where the type is not told.
        return value is null ? null : new Checksum(algorithm, value, type != "COMPOSITE" && !value.Contains('-'));
    }
}
