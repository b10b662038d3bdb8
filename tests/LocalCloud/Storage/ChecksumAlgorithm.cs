namespace LocalCloud.Storage;

/// <summary>By S3's names, in upper case as in x-amz-checksum-algorithm.</summary>
internal enum ChecksumAlgorithm
{
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256,
}
