using Cloud;
using Cloud.Objects;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Copying;

/// <summary>
/// The worker of one shard: joins the live source with the previous manifest, copies what is missing and writes the new
/// manifest. Started again after any crash it goes on from what it sees; it never deletes anything in the source.
/// </summary>
internal sealed partial class CopyRun(
    CopyOptions options, IObjectData data, TimeProvider time, ILogger log, IProgress<CopyProgress>? progress)
{
    private readonly ILogger logger = log;
    private readonly ManifestReader manifest = new(data, options.Target, options.Fingerprint, options.Shard);

    /// <param name="cancellation">Asked to stop: finishes what is under way, checkpoints, and returns <see cref="CopyExit.Terminated"/>.</param>
    public async Task<CopyExit> RunAsync(CancellationToken cancellation)
    {
        if (options.Fault() is { } fault)
        {
            LogFailed(fault);
            return CopyExit.BadArguments;
        }

        try
        {
            return await manifest.ReadDoneAsync(cancellation) is not null ? CopyExit.Done : await WorkAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return CopyExit.Terminated;
        }
        catch (Exception failure) when (failure is CopyMismatchException or ManifestDamagedException or CloudException { Problem: CloudProblem.Refused })
        {
            LogFailed(failure.Message);
            return CopyExit.Mismatch;
        }
        catch (Exception failure) when (failure is CloudException or ShardTakenException or SourceChangedException or InvalidDataException)
        {
            LogFailed(failure.Message);
            return CopyExit.Retry;
        }
    }

    private async Task<CopyExit> WorkAsync(CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(options.Target, MarkNames.Receipt, cancellation) is not null)
        {
            // Readers may be on the target by now and the source may be empty: a copy would undo their writes.
            LogFailed("a receipt stands in the target: its migration is over, nothing may be copied into it");
            return CopyExit.BadArguments;
        }

        var previous = await FindPreviousAsync(cancellation);
        if (options.IsDelta && previous is null)
        {
            LogFailed($"shard {options.Shard} of run {options.PreviousFingerprint} is not finished; run it first");
            return CopyExit.BadArguments;
        }

        if (previous is not null && previous.Shards != options.Shards)
        {
            LogFailed($"run {options.PreviousFingerprint} had {previous.Shards} shards; this one must have as many");
            return CopyExit.BadArguments;
        }

        var tail = await manifest.FindTailAsync(cancellation);
        LogStarted(options.Shard, tail.Tally.Versions + tail.Tally.DeleteMarkers);

        var startedAt = (await manifest.ReadProgressAsync(cancellation))?.StartedAt ?? time.GetUtcNow();
        var board = new ProgressBoard(options, tail.Tally, startedAt);
        var publisher = new ProgressPublisher(data, options, time, board, progress);
        await publisher.PublishAsync(null, cancellation);

        var writer = new ManifestWriter(data, options, tail, new Patience(time));
        var pipeline = new CopyPipeline(data, options, time, writer, publisher);
        if (!await pipeline.RunAsync(previous, cancellation))
        {
            LogStopped(options.Shard, writer.Tail.Tally.Versions + writer.Tail.Tally.DeleteMarkers);
            return CopyExit.Terminated;
        }

        await FinishAsync(writer.Tail, previous?.StartedAt ?? startedAt, publisher, cancellation);
        return CopyExit.Done;
    }

    private Task<ShardDone?> FindPreviousAsync(CancellationToken cancellation) =>
        options.PreviousFingerprint is { } previous
            ? new ManifestReader(data, options.Target, previous, options.Shard).ReadDoneAsync(cancellation)
            : Task.FromResult<ShardDone?>(null);

    private async Task FinishAsync(ManifestTail tail, DateTimeOffset oursSince, ProgressPublisher publisher, CancellationToken cancellation)
    {
        // A bulk run proves nothing yet: writers go on. The delta's closing look covers its copies too.
        var strays = options.IsDelta ? await new ClosingLook(data, options).RunAsync(tail, oursSince, cancellation) : 0;
        var now = time.GetUtcNow();
        var done = new ShardDone
        {
            Fingerprint = options.Fingerprint,
            PreviousFingerprint = options.PreviousFingerprint,
            Shard = options.Shard,
            Shards = options.Shards,
            Chunks = tail.Chunks,
            Digest = tail.Digest,
            Tally = tail.Tally,
            KeyId = options.Key.Id,
            Verification = options.Verification.ToString(),
            StraysRemoved = strays,
            StartedAt = oursSince,
            FinishedAt = now,
        };
        await publisher.PublishAsync(now, cancellation);
        await publisher.TidyAsync(cancellation);
        await Marks.CreateAsync(
            data, options.Target, MarkNames.Done(options.Fingerprint, options.Shard), Marks.Pack(done), options.Key, Mark.OnlyNew, cancellation);
        LogDone(options.Shard, tail.Tally.Versions, tail.Tally.DeleteMarkers, tail.Tally.Bytes, tail.Tally.Copied, strays);
    }
}
