using Cloud.Azure.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>What the target says of a write. <paramref name="VersionId"/> is in the port's terms.</summary>
internal sealed record WrittenBlob(string? VersionId, string ETag)
{
    /// <summary>The digest that the service held the bytes against, where it did.</summary>
    public Checksum? Checked { get; init; }

    public static WrittenBlob Of(AzureReply reply) => new(reply.Header("x-ms-version-id"), BlobLook.Bare(reply.Header("ETag")));
}
