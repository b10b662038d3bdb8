namespace Cloud.Objects;

/// <summary>What the target says of the copy. <paramref name="KeyId"/> is the
/// key it was really written under.</summary>
public sealed record CopyResult(string? VersionId, string ETag, string? KeyId, Checksum? Checksum)
{
    /// <summary>Where a website leads who asks for the copy.</summary>
    public string? RedirectTo { get; init; }
}
