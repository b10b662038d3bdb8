namespace Byok.Copying;

/// <summary>The run's counters. Written by the pipeline, read by whoever shows them.</summary>
internal sealed class ProgressBoard
{
    private readonly CopyOptions options;
    private readonly DateTimeOffset startedAt;
    private long objectsTotal;
    private long bytesTotal;
    private long objectsCopied;
    private long bytesCopied;
    private long objectsTold;
    private DateTimeOffset advancedAt;

    /// <param name="advancedAt">When an earlier attempt last got on, if one did.</param>
    public ProgressBoard(CopyOptions options, Counts start, DateTimeOffset startedAt, DateTimeOffset? advancedAt = null)
    {
        this.options = options;
        this.advancedAt = advancedAt ?? startedAt;
        objectsTold = start.Versions + start.DeleteMarkers;
        this.startedAt = startedAt;
        objectsTotal = objectsCopied = start.Versions + start.DeleteMarkers;
        bytesTotal = bytesCopied = start.Bytes;
    }

    public void Found(long objects, long bytes)
    {
        Interlocked.Add(ref objectsTotal, objects);
        Interlocked.Add(ref bytesTotal, bytes);
    }

    public void Verified(Counts counts)
    {
        Interlocked.Add(ref objectsCopied, counts.Versions + counts.DeleteMarkers);
        Interlocked.Add(ref bytesCopied, counts.Bytes);
    }

    public CopyProgress Look(int concurrency) => new(
        Interlocked.Read(ref objectsTotal),
        Interlocked.Read(ref bytesTotal),
        Interlocked.Read(ref objectsCopied),
        Interlocked.Read(ref bytesCopied),
        concurrency);

    public ShardProgress ToMark(DateTimeOffset now, DateTimeOffset? finishedAt)
    {
        var look = Look(0);
        (objectsTold, advancedAt) = look.ObjectsCopied > objectsTold ? (look.ObjectsCopied, now)
            : (objectsTold, advancedAt);
        return new ShardProgress
        {
            Shard = options.Shard,
            Shards = options.Shards,
            ObjectsTotal = look.ObjectsTotal,
            BytesTotal = look.BytesTotal,
            ObjectsCopied = look.ObjectsCopied,
            BytesCopied = look.BytesCopied,
            StartedAt = startedAt,
            UpdatedAt = now,
            FinishedAt = finishedAt,
            AdvancedAt = advancedAt,
        };
    }
}

/// <summary>Where a shard is right now: versions and markers found, and verified.</summary>
public readonly record struct CopyProgress(
    long ObjectsTotal, long BytesTotal, long ObjectsCopied, long BytesCopied, int Concurrency);
