using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>A checksum as S3 keeps it with an object or a part.</summary>
internal sealed record ObjectChecksum(ChecksumAlgorithm Algorithm, string Value, bool Composite = false)
{
    public string HeaderName => HeaderFor(Algorithm);

    public string ElementName => "Checksum" + Algorithm;

    public string TypeName => Composite ? "COMPOSITE" : "FULL_OBJECT";

    public static string HeaderFor(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.CRC32 => "x-amz-checksum-crc32",
        ChecksumAlgorithm.CRC32C => "x-amz-checksum-crc32c",
        ChecksumAlgorithm.CRC64NVME => "x-amz-checksum-crc64nvme",
        ChecksumAlgorithm.SHA1 => "x-amz-checksum-sha1",
        _ => "x-amz-checksum-sha256",
    };

    public static ChecksumAlgorithm Parse(string name) =>
        Enum.TryParse<ChecksumAlgorithm>(name, ignoreCase: true, out var algorithm)
            ? algorithm
            : throw new AwsProblem(400, "InvalidRequest",
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, "
                    + "CRC32C, CRC64NVME, SHA1, SHA256]");

    public static ObjectChecksum Of(Content content, ChecksumAlgorithm algorithm) =>
        new(algorithm, Convert.ToBase64String(RunningChecksum.Of(content, algorithm)));
}
