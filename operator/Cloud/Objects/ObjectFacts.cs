namespace Cloud.Objects;

/// <summary>What a HEAD tells: enough to verify a copy without reading its bytes.</summary>
public sealed record ObjectFacts(long Size, string ETag, string? KeyId, Checksum? Checksum, IReadOnlyDictionary<string, string> Headers);
