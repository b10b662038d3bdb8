using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Shows the counters: to the terminal at once, to the target every few seconds.</summary>
internal sealed class ProgressPublisher(
    IObjectData data, CopyOptions options, TimeProvider time, ProgressBoard board, IProgress<CopyProgress>? display)
{
    /// <summary>Often enough for a person who watches, rare enough to cost nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CopyRetryPolicy retries = new(time);
    private long lastPublished = time.GetTimestamp();

    public ProgressBoard Board => board;

    /// <summary>What the source held when it was looked through; null where this shard did not.</summary>
    public SurveyResult? Seen { get; set; }

    public Task PublishAsync(DateTimeOffset? finishedAt, CancellationToken cancellation) =>
        PublishAsync(finishedAt, refusal: null, cancellation);

    /// <summary>The last word of an attempt that ends for good.</summary>
    public Task RefuseAsync(CopyRefusal refusal, CancellationToken cancellation) =>
        PublishAsync(finishedAt: null, refusal, cancellation);

    private async Task PublishAsync(DateTimeOffset? finishedAt, CopyRefusal? refusal, CancellationToken cancellation)
    {
        lastPublished = time.GetTimestamp();
        var mark = Marks.Pack(board.ToMark(time.GetUtcNow(), finishedAt) with { Refusal = refusal, Seen = Seen });
        await retries.InsistAsync(
            () => data.WriteMarkAsync(
                options.Marks, MarkNames.Progress(options.Fingerprint, options.Shard), mark, options.KeyOfMarks,
                ifMatch: null, cancellation),
            cancellation);
    }

    public Task PublishWhenDueAsync(int concurrency, CancellationToken cancellation)
    {
        display?.Report(board.Look(concurrency));
        return time.GetElapsedTime(lastPublished) >= Interval ? PublishAsync(null, cancellation) : Task.CompletedTask;
    }

    /// <summary>In a versioned target each rewriting left a version behind; only the last one tells anything.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        var name = MarkNames.Progress(options.Fingerprint, options.Shard);
        List<ObjectVersion> outdated = [];
        await foreach (var version in data.ListVersionsAsync(options.Marks, name, afterKey: null, cancellation))
        {
            if (version.Key == name && !version.IsLatest && version.VersionId is not null)
            {
                outdated.Add(version);
            }
        }

        foreach (var batch in outdated.Chunk(SourceRetirement.BatchSize))
        {
            await retries.InsistAsync(() => data.DeleteVersionsAsync(options.Marks, batch, cancellation),
                cancellation);
        }
    }
}
