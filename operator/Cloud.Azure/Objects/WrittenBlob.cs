using Azure.Storage.Blobs.Models;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>What the target says of a write. <paramref name="VersionId"/> is in the port's terms.</summary>
internal sealed record WrittenBlob(string? VersionId, string ETag)
{
    /// <summary>The digest that the service held the bytes against, where it did.</summary>
    public Checksum? Checked { get; init; }

    public static WrittenBlob Of(BlobContentInfo written) => new(written.VersionId, BlobLook.Bare(written.ETag));
}
