namespace ByokOperator.Copying;

/// <summary>A run seen from outside.</summary>
internal sealed record RunState
{
    public int ShardsFinished { get; init; }

    /// <summary>Every shard wrote its last word.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Versions and markers found so far.</summary>
    public long ObjectsTotal { get; init; }

    public long BytesTotal { get; init; }

    /// <summary>Of these, vouched for in the target.</summary>
    public long ObjectsCopied { get; init; }

    public long BytesCopied { get; init; }

    /// <summary>What the source held when a shard looked through it; null where none did.</summary>
    public SurveyResult? Seen { get; init; }

    /// <summary>Why its latest attempt that said so ended for good; null where none did.</summary>
    public CopyRefusal? Refusal { get; init; }

    /// <summary>When a worker was heard of last; null where none was yet.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When something was vouched for last, by any shard; null where no worker was heard of yet.</summary>
    public DateTimeOffset? AdvancedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
