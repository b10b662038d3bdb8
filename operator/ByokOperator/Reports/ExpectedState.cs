namespace ByokOperator.Reports;

/// <summary>What the spec and the key's verdict ask for.</summary>
internal sealed record ExpectedState
{
    /// <summary>The full id of the key that everything must be under,
    /// and that whatever names none is written under.</summary>
    public required string KeyId { get; init; }

    /// <summary>Further keys that objects may stand under; absent where there is none.</summary>
    public IReadOnlyList<string>? AlsoPinned { get; init; }

    public required string Region { get; init; }

    public required string Bucket { get; init; }

    public required bool BucketKey { get; init; }

    /// <summary>Open or Closed.</summary>
    public required string Availability { get; init; }

    /// <summary>Absent while it should be open.</summary>
    public DateTimeOffset? ClosedSince { get; init; }

    /// <summary>Why it is closed, in the words of the verdict; absent while it should be open.</summary>
    public string? ClosedReason { get; init; }

    /// <summary>Where the data came from; absent where nothing was to move.</summary>
    public string? SharedBucket { get; init; }

    public string? SharedPrefix { get; init; }

    /// <summary>Whether the old copy should be gone by now.</summary>
    public required bool SourceRetired { get; init; }

    public required string DeletionPolicy { get; init; }
}
