namespace LocalCloud.Aws.S3;

internal sealed record MultipartUpload(
    string Id, string Key, ObjectHeaders Headers, ObjectEncryption Encryption, DateTimeOffset Started)
{
    public string StorageClass { get; init; } = "STANDARD";

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public Storage.ChecksumAlgorithm? Algorithm { get; init; }

    public bool FullObjectChecksum { get; init; }

    public string Initiator { get; init; } = "";

    /// <summary>What the client sent when it began, for policies on its parts.</summary>
    public string? SseHeader { get; init; }

    public string? SseKeyHeader { get; init; }

    /// <summary>Guarded by itself.</summary>
    public SortedDictionary<int, UploadedPart> Parts { get; } = [];
}
