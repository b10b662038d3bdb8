using Azure.Storage.Blobs.Models;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>What the target says of a write. <paramref name="VersionId"/> is in the port's terms.</summary>
internal sealed record WrittenBlob(string? VersionId, string ETag)
{
    /// <summary>The digest that the service held the bytes against, where it did.</summary>
    public Checksum? Checked { get; init; }

    /// <summary>The encryption scope that it came under; null where that is its account's own encryption.</summary>
    public string? Scope { get; init; }

    public static WrittenBlob Of(BlobContentInfo written) => new(written.VersionId, BlobLook.Bare(written.ETag))
    {
        Scope = written.EncryptionScope is { Length: > 0 } scope ? scope : null,
    };
}
