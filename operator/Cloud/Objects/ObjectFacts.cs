namespace Cloud.Objects;

/// <summary>What a HEAD tells: enough to verify a copy without reading its bytes.</summary>
public sealed record ObjectFacts(
    long Size, string ETag, string? KeyId, Checksum? Checksum, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Where a website leads who asks for it: no copy carries that by itself.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>How its store encrypts it, in the cloud's spelling, such as <c>aws:kms</c> or <c>AES256</c>; null where
    /// the store says nothing of a single object.</summary>
    public string? Encryption { get; init; }

    /// <summary>Until when a retention keeps it from being deleted; the end of time under a legal hold. Null without
    /// either.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>What it has and no copy of it will have.</summary>
    public IReadOnlyList<string> NotCarried { get; init; } = [];
}
