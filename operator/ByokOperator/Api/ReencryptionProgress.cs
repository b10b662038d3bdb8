namespace ByokOperator.Api;

/// <summary>How far a store's old objects are put under its new key.</summary>
public sealed record ReencryptionProgress
{
    /// <summary><c>Update</c> (the data key is wrapped anew, nothing moves), <c>Copy</c> (the object is written over
    /// with itself) or <c>Move</c> (every version is copied to the store's next bucket).</summary>
    public string? Engine { get; init; }

    /// <summary>Versions that were looked at; again in each pass, until one meets none under an old key.</summary>
    public long? VersionsLooked { get; init; }

    public long? VersionsReencrypted { get; init; }

    public long? BytesReencrypted { get; init; }

    /// <summary>For the printed table, which can't join two columns.</summary>
    public string? Progress =>
        VersionsReencrypted is { } done && VersionsLooked is { } looked ? $"{done}/{looked}" : null;

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When nothing was met under an old key any more.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
