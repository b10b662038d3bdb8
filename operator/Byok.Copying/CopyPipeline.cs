using System.Threading.Channels;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// Many keys under way, recorded in key order: the manifest grows by the contiguous run of finished keys, so that its
/// last key is a checkpoint.
/// </summary>
internal sealed class CopyPipeline(
    IObjectData data, CopyOptions options, TimeProvider time, ManifestWriter writer, ProgressPublisher publisher)
{
    /// <summary>
    /// Keys under way or waiting behind a slow one. Bounds memory, and with it how far beyond the checkpoint a crashed
    /// attempt can have got.
    /// </summary>
    private const int MaxAhead = 2_048;

    /// <summary>How many keys after the checkpoint may have been started before a crash: the queue,
    /// one unflushed chunk, one in each hand.</summary>
    private const int LookAfterCheckpoint = MaxAhead + ManifestWriter.FlushEntries + 2;

    /// <summary>What finished is written down at least this often while something slow is at the head.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>A pod has 30 s from SIGTERM to SIGKILL; small copies finish in this part of them,
    /// big ones are given up.</summary>
    private static readonly TimeSpan GraceForCopies = TimeSpan.FromSeconds(15);

    private readonly AdaptiveConcurrency gate = new(options.Concurrency, time);
    private readonly Channel<Task<ObjectResult>> queue = Channel.CreateBounded<Task<ObjectResult>>(
        new BoundedChannelOptions(MaxAhead) { SingleReader = true, SingleWriter = true });

    private long lastFlush = time.GetTimestamp();

    /// <summary>True when every key is recorded; false when stopped before.
    /// Failures throw after the checkpoint is written.</summary>
    public async Task<bool> RunAsync(ShardDone? previous, CancellationToken cancellation)
    {
        using var abort = new CancellationTokenSource();
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, abort.Token);
        using var grace = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var onStop = cancellation.Register(() => grace.CancelAfter(GraceForCopies));
        using var copying = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, abort.Token);

        var producing = ProduceAsync(previous, new Bounds(halt.Token, copying.Token));
        try
        {
            await RecordAsync(copying.Token);
            await writer.FlushAsync(abort.Token);
            return await producing;
        }
        catch (Exception failure)
        {
            abort.Cancel();
            await DrainAsync(producing);
            await CheckpointAsync(failure);
            if (failure is OperationCanceledException && cancellation.IsCancellationRequested)
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Starts work on each key in order. Returns true at the end of the source, false when stopped.</summary>
    private async Task<bool> ProduceAsync(ShardDone? previous, Bounds bounds)
    {
        var copier = new ObjectCopier(data, options, new Verification(data, options), gate, new CopyRetryPolicy(time));
        try
        {
            await using var feed = new ObjectFeed(data, options,
                new ObjectFeedStart(writer.Tail.LastKey, previous, LookAfterCheckpoint), bounds.Starting);
            while (await feed.NextAsync(bounds.Starting) is { } work)
            {
                publisher.Board.Found(work.Source.Count, work.Source.Sum(version => version.Size));
                await queue.Writer.WriteAsync(await StartAsync(copier, work, bounds), bounds.Starting);
            }

            queue.Writer.Complete();
            return true;
        }
        catch (OperationCanceledException) when (bounds.Starting.IsCancellationRequested)
        {
            queue.Writer.Complete();
            return false;
        }
        catch (Exception failure)
        {
            queue.Writer.Complete(failure);
            throw;
        }
    }

    private async Task<Task<ObjectResult>> StartAsync(ObjectCopier copier, ObjectWork work, Bounds bounds)
    {
        var plan = ObjectPlan.For(work.Source, work.Previous, work.Target);
        if (plan.IsCarryOnly)
        {
            return Task.FromResult(new ObjectResult(work.Key, plan.Carried, Copied: 0, Skipped: 0));
        }

        await gate.EnterAsync(bounds.Starting);
        return WorkAsync();

        async Task<ObjectResult> WorkAsync()
        {
            try
            {
                return await copier.CopyAsync(work.Key, work.Source, work.Previous, work.Target, bounds.Copying);
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private async Task RecordAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } next)
        {
            if (!next.IsCompleted)
            {
                await FlushWhileWaitingAsync(next, cancellation);
            }

            var result = await next;
            writer.Append(result);
            publisher.Board.Verified(result.Counts);
            if (writer.IsFull || time.GetElapsedTime(lastFlush) >= FlushInterval)
            {
                await FlushAsync(cancellation);
            }
        }
    }

    private async Task<Task<ObjectResult>?> NextAsync(CancellationToken cancellation)
    {
        if (queue.Reader.TryRead(out var ready))
        {
            return ready;
        }

        var waiting = queue.Reader.WaitToReadAsync(cancellation).AsTask();
        await FlushWhileWaitingAsync(waiting, cancellation);
        return await waiting && queue.Reader.TryRead(out var next) ? next : null;
    }

    private async Task FlushWhileWaitingAsync(Task head, CancellationToken cancellation)
    {
        while (!head.IsCompleted)
        {
            var due = FlushInterval - time.GetElapsedTime(lastFlush);
            if (due > TimeSpan.Zero)
            {
                await Task.WhenAny(head, Task.Delay(due, time, cancellation));
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            await FlushAsync(cancellation);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await writer.FlushAsync(cancellation);
        await publisher.PublishWhenDueAsync(gate.Limit, cancellation);
        lastFlush = time.GetTimestamp();
    }

    /// <summary>No copy may outlive the run: it would write behind the back of the next attempt.</summary>
    private async Task DrainAsync(Task<bool> producing)
    {
        await Task.WhenAny(producing);
        _ = producing.Exception;
        while (queue.Reader.TryRead(out var task))
        {
            await Task.WhenAny(task);
            _ = task.Exception;
        }
    }

    /// <summary>Whatever was finished before the failure is kept;
    /// a failure to write that down must not hide the first one.</summary>
    private async Task CheckpointAsync(Exception failure)
    {
        if (failure is ShardTakenException || !writer.CanFlush)
        {
            return;
        }

        try
        {
            // The run's own tokens are cancelled by now, and this is the clean-up that a stop waits for.
            await writer.FlushAsync(CancellationToken.None);
        }
        catch (Exception second) when (second is Cloud.CloudException or ShardTakenException)
        {
            // The checkpoint stays where it was; the next attempt finds the copies in the target.
        }
    }

    /// <summary>When to start no more, and when to give up what was started.</summary>
    private readonly record struct Bounds(CancellationToken Starting, CancellationToken Copying);
}
