namespace Byok.Copying;

/// <summary>A run seen from outside.</summary>
public sealed record RunState
{
    public int ShardsFinished { get; init; }

    /// <summary>Every shard wrote its last word.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Versions and markers: of the whole source once a shard looked through it,
    /// before that those found so far.</summary>
    public long ObjectsTotal { get; init; }

    public long BytesTotal { get; init; }

    /// <summary>Of these, verified in the target.</summary>
    public long ObjectsCopied { get; init; }

    public long BytesCopied { get; init; }

    /// <summary>What the source held when a shard looked through it; null where none did.</summary>
    public SurveyResult? Seen { get; init; }

    /// <summary>Why its latest attempt that said so ended for good; null where none did.</summary>
    public CopyRefusal? Refusal { get; init; }

    /// <summary>When a worker was heard of last; null where none was yet.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When something was verified last, by any shard; null where no worker was heard of yet.</summary>
    public DateTimeOffset? AdvancedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>At the rate since it was started, to the minute, once the whole of its source is known; null before. A
    /// count that nobody can have made is none.</summary>
    public DateTimeOffset? EstimatedFinish
    {
        get
        {
            if (IsFinished || Seen is not { IsWhole: true } seen || HeardAt is not { } heard
                || heard - StartedAt is not { } took || took <= TimeSpan.Zero)
            {
                return null;
            }

            var done = Math.Min(Share(ObjectsCopied, seen.Objects), Share(BytesCopied, seen.Bytes));
            var left = done > 0 ? took.TotalMinutes * (1 - done) / done : double.MaxValue;
            return left < LongestForetold.TotalMinutes && heard < DateTimeOffset.MaxValue - (2 * LongestForetold)
                ? heard + TimeSpan.FromMinutes(Math.Ceiling(left)) : null;
        }
    }

    /// <summary>Of what shards say; what nobody can have counted is shown as the most that can be.</summary>
    public static long Sum(IEnumerable<long> counts) =>
        (long)Int128.Clamp(counts.Aggregate(Int128.Zero, (sum, count) => sum + count), 0, long.MaxValue);

    private static readonly TimeSpan LongestForetold = TimeSpan.FromDays(365);

    private static double Share(long part, long whole) => whole > 0 ? Math.Clamp((double)part / whole, 0, 1) : 1;
}
