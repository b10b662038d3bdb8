namespace Byok.Copying;

/// <summary>How far a shard is, for people. Nothing decides on it but the start time of the run,
/// and whether it is worth going on.</summary>
public sealed record ShardProgress
{
    public int Shard { get; init; }

    public int Shards { get; init; }

    /// <summary>Versions and markers found in the source so far.</summary>
    public long ObjectsTotal { get; init; }

    public long BytesTotal { get; init; }

    /// <summary>Of these, verified in the target.</summary>
    public long ObjectsCopied { get; init; }

    public long BytesCopied { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When something was verified last; that a worker lives, or was started again,
    /// is no progress.</summary>
    public DateTimeOffset? AdvancedAt { get; init; }

    /// <summary>What the source held when it was looked through, by the shard that did.</summary>
    public SurveyResult? Seen { get; init; }

    /// <summary>Why this attempt ended for good.</summary>
    public CopyRefusal? Refusal { get; init; }
}
