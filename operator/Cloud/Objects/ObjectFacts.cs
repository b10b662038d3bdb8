namespace Cloud.Objects;

/// <summary>What a HEAD tells: enough to verify a copy without reading its bytes.</summary>
public sealed record ObjectFacts(long Size, string ETag, string? KeyId, Checksum? Checksum, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Where a website leads who asks for it: no copy carries that by itself.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>What it has and no copy of it will have.</summary>
    public IReadOnlyList<string> NotCarried { get; init; } = [];
}
