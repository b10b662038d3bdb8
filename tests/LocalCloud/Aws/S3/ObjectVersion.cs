using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>One version of one object, or a delete marker. Never changed, but for tags and encryption,
/// which S3 also changes in place.</summary>
internal sealed class ObjectVersion(string id, DateTimeOffset modified)
{
    public const string NullId = "null";

    public string Id { get; } = id;

    public DateTimeOffset Modified { get; } = modified;

    public bool IsDeleteMarker { get; init; }

    public Content Content { get; init; } = MemoryContent.Empty;

    /// <summary>Without quotes.</summary>
    public string ETag { get; set; } = "";

    public ObjectHeaders Headers { get; init; } = ObjectHeaders.None;

    public ObjectEncryption Encryption { get; set; } = ObjectEncryption.S3Managed;

    public string StorageClass { get; init; } = "STANDARD";

    public ObjectChecksum? Checksum { get; init; }

    /// <summary>Sizes of the parts it was uploaded in; null for a single PUT.</summary>
    public IReadOnlyList<long>? PartSizes { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; set; } = [];
}
