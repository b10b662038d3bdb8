using Cloud;
using Cloud.Objects;
using Microsoft.Extensions.Logging;

namespace Byok.Copying;

/// <summary>
/// The worker of one shard: joins the live source with the previous manifest, copies what is missing and writes the new
/// manifest. Started again after any crash it goes on from what it sees; it never deletes anything in the source.
/// </summary>
public sealed partial class CopyRun(
    CopyOptions options, IObjectData data, TimeProvider time, ILogger log, IProgress<CopyProgress>? progress)
{
    private readonly ILogger logger = log;
    private readonly ManifestReader manifest = new(data, options.Marks, options.Fingerprint, options.Shard);
    private readonly SourceSurvey survey = new(data, options, time);

    /// <summary>Null until the order was found to be one that may be carried out.</summary>
    private ProgressPublisher? publisher;

    /// <param name="cancellation">Asked to stop: finishes what is under way, checkpoints, and returns
    /// <see cref="CopyExit.Terminated"/>.</param>
    public async Task<CopyExit> RunAsync(CancellationToken cancellation)
    {
        if (options.Fault() is { } fault)
        {
            LogFailed(fault);
            return CopyExit.BadArguments;
        }

        try
        {
            return await manifest.ReadDoneAsync(cancellation) is not null ? CopyExit.Done
                : await WorkAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return CopyExit.Terminated;
        }
        catch (ObjectRefusedException refused)
        {
            LogFailed(refused.Message);
            await TellAsync(refused.Refused, cancellation);
            return CopyExit.Refused;
        }
        catch (Exception failure)
            when (failure is CopyMismatchException or ManifestDamagedException
                or CloudException { Problem: CloudProblem.Refused })
        {
            LogFailed(failure.Message);
            await TellAsync(
                new CopyRefusal
                {
                    Attempt = options.Attempt,
                    At = time.GetUtcNow(),
                    Reason = RefusedObject.Escaped(failure.Message),
                }, cancellation);
            return CopyExit.Mismatch;
        }
        catch (Exception failure)
            when (failure is CloudException or ShardTakenException or SourceChangedException or InvalidDataException)
        {
            LogFailed(failure.Message);
            return CopyExit.Retry;
        }
    }

    private async Task<CopyExit> WorkAsync(CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(options.Marks, options.ReceiptName, cancellation) is not null)
        {
            // Readers may be on the target by now and the source may be empty: a copy would undo their writes.
            LogFailed("a receipt stands: the migration is over, nothing may be copied any more");
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
        LogStarted(options.Shard, tail.Counts.Versions + tail.Counts.DeleteMarkers);

        var earlier = await manifest.ReadProgressAsync(cancellation);
        var startedAt = earlier?.StartedAt ?? time.GetUtcNow();
        publisher = new ProgressPublisher(data, options, time,
            new ProgressBoard(options, tail.Counts, startedAt, earlier?.AdvancedAt), progress);
        publisher.Seen = earlier?.Seen;
        await publisher.PublishAsync(null, cancellation);
        if (IsFirst(tail, earlier))
        {
            (publisher.Seen, var known) = await survey.RunAsync(met: null, cancellation);
            if (known is not null)
            {
                LogFailed(known.Told);
                await TellAsync(known, cancellation);
                return CopyExit.Refused;
            }
        }

        return await CopyAsync(tail, previous, startedAt, cancellation);
    }

    private async Task<CopyExit> CopyAsync(
        ManifestTail tail, ShardDone? previous, DateTimeOffset startedAt, CancellationToken cancellation)
    {
        var writer = new ManifestWriter(data, options, tail, new CopyRetryPolicy(time));
        var pipeline = new CopyPipeline(data, options, time, writer, publisher!);
        if (!await pipeline.RunAsync(previous, cancellation))
        {
            LogStopped(options.Shard, writer.Tail.Counts.Versions + writer.Tail.Counts.DeleteMarkers);
            return CopyExit.Terminated;
        }

        await FinishAsync(writer.Tail, previous?.StartedAt ?? startedAt, publisher!, cancellation);
        return CopyExit.Done;
    }

    /// <summary>One shard looks for all before it copies, and again after an attempt that ended for good; behind a
    /// fence there is no time for it.</summary>
    private bool IsFirst(ManifestTail tail, ShardProgress? earlier) =>
        options is { IsDelta: false, Shard: 0 } && (tail.LastKey is null || earlier?.Refusal is not null);

    /// <summary>At once what was met, and then all of its kind that the listing tells.</summary>
    private async Task TellAsync(RefusedObject met, CancellationToken cancellation)
    {
        await TellAsync(
            new CopyRefusal { Attempt = options.Attempt, At = time.GetUtcNow(), Count = 1, Objects = [met] },
            cancellation);
        try
        {
            await TellAsync((await survey.RunAsync(met, cancellation)).Refusal!, cancellation);
        }
        catch (Exception failure) when (failure is CloudException or OperationCanceledException)
        {
            // What was met is told; the next attempt looks for the rest.
        }
    }

    /// <summary>For the store's condition. Where it can't be written the exit code says it, and the log.</summary>
    private async Task TellAsync(CopyRefusal refusal, CancellationToken cancellation)
    {
        try
        {
            await (publisher?.RefuseAsync(refusal, cancellation) ?? Task.CompletedTask);
        }
        catch (Exception failure) when (failure is CloudException or OperationCanceledException)
        {
            LogUntold(failure.Message);
        }
    }

    private Task<ShardDone?> FindPreviousAsync(CancellationToken cancellation) =>
        options.PreviousFingerprint is { } previous
            ? new ManifestReader(data, options.Marks, previous, options.Shard).ReadDoneAsync(cancellation)
            : Task.FromResult<ShardDone?>(null);

    private async Task FinishAsync(
        ManifestTail tail, DateTimeOffset oursSince, ProgressPublisher publisher, CancellationToken cancellation)
    {
        // A bulk run proves nothing yet: writers go on. The delta's closing look covers its copies too.
        var orphans = options.IsDelta
            ? await new FinalVerification(data, options).RunAsync(tail, oursSince, cancellation) : 0;
        var now = time.GetUtcNow();
        var done = new ShardDone
        {
            Fingerprint = options.Fingerprint,
            PreviousFingerprint = options.PreviousFingerprint,
            Shard = options.Shard,
            Shards = options.Shards,
            Chunks = tail.Chunks,
            Digest = tail.Digest,
            Counts = tail.Counts,
            KeyId = options.Key.Id,
            Verification = options.Verification.ToString(),
            StraysRemoved = orphans,
            StartedAt = oursSince,
            FinishedAt = now,
        };
        await publisher.PublishAsync(now, cancellation);
        await publisher.TidyAsync(cancellation);
        await Marks.CreateAsync(
            data, options.Marks, MarkNames.Done(options.Fingerprint, options.Shard), Marks.Pack(done),
            options.KeyOfMarks, Mark.OnlyNew, cancellation);
        LogDone(options.Shard, tail.Counts.Versions, tail.Counts.DeleteMarkers, tail.Counts.Bytes, tail.Counts.Copied,
            orphans);
    }
}
