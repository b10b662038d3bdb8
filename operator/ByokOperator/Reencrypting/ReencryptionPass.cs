using Byok.Copying;
using Cloud.Objects;

namespace ByokOperator.Reencrypting;

/// <summary>
/// One walk over this shard's part of the store, every version, the operator's own marks too: they lie under the
/// store's keys like all else. Many versions are under way; what is finished counts in the listing's order,
/// so that the last whole key is a checkpoint.
/// </summary>
internal sealed class ReencryptionPass(
    ReencryptionPorts ports, ReencryptionOptions options, ReencryptionMark mark, TimeProvider time)
{
    /// <summary>Versions under way or waiting behind a slow one. Bounds memory,
    /// and with it what is looked at again after a crash.</summary>
    private const int MaxAhead = 2_048;

    /// <summary>Often enough for a person who watches, rare enough to cost nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A pod has 30 s from SIGTERM to SIGKILL; small objects finish in this part of them,
    /// big copies are given up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly AdaptiveConcurrency gate = new(options.Concurrency, time);
    private readonly Queue<(ObjectVersion Version, Task<bool> Task)> ahead = new();
    private ShardReencryption state = new();
    private string? lastKey;
    private long lastPublished = time.GetTimestamp();

    /// <summary>As far as it got.</summary>
    public ShardReencryption State => state;

    /// <param name="from">Where to go on.</param>
    /// <param name="cancellation">Asked to stop: finishes what is under way, as far as there is time for it.</param>
    /// <returns>True at the end of the store; false when stopped. Failures throw;
    /// what was finished before is in <see cref="State"/>.</returns>
    public async Task<bool> RunAsync(ShardReencryption from, CancellationToken cancellation)
    {
        (state, lastKey) = (from, from.LastKey);
        using var abort = new CancellationTokenSource();
        using var grace = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var onStop = cancellation.Register(() => grace.CancelAfter(Grace));
        using var working = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, abort.Token);
        var reencrypter = new ObjectReencrypter(ports, options, gate, new CopyRetryPolicy(time));
        try
        {
            var isWhole = await StartAllAsync(reencrypter, working.Token, cancellation);
            while (ahead.Count > 0)
            {
                await TakeAsync(working.Token);
            }

            if (isWhole)
            {
                state = state with { LastKey = lastKey };
            }

            return isWhole;
        }
        catch (Exception)
        {
            abort.Cancel(); // what is under way ends here, and nowhere else
            await DrainAsync();
            throw;
        }
    }

    /// <summary>False when stopped before the end.</summary>
    private async Task<bool> StartAllAsync(
        ObjectReencrypter reencrypter, CancellationToken working, CancellationToken stop)
    {
        try
        {
            await foreach (var version in ports.Objects.ListVersionsAsync(options.Store, "", state.LastKey, stop))
            {
                if (version.IsDeleteMarker || IsOwn(version)
                    || ObjectShard.Of(version.Key, options.Shards) != options.Shard)
                {
                    continue; // a delete marker has no content, and so no key
                }

                while (ahead.Count >= MaxAhead || (ahead.TryPeek(out var head) && head.Task.IsCompleted))
                {
                    await TakeAsync(working);
                }

                await EnterAsync(working, stop);
                ahead.Enqueue((version, WorkAsync(reencrypter, version, working)));
                await PublishWhenDueAsync(stop);
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>This run's own marks, which it writes as it walks, under the new key and no other.</summary>
    private bool IsOwn(ObjectVersion version) =>
        version.Key.StartsWith($"{MarkNames.Root}{options.Fingerprint}/", StringComparison.Ordinal);

    /// <summary>While all hands are full it goes on telling that it lives.</summary>
    private async Task EnterAsync(CancellationToken working, CancellationToken stop)
    {
        var turn = gate.EnterAsync(stop);
        while (!turn.IsCompleted && !working.IsCancellationRequested)
        {
            await Task.WhenAny(turn, Task.Delay(Interval, time, working));
            await PublishWhenDueAsync(stop);
        }

        await turn;
    }

    private async Task<bool> WorkAsync(ObjectReencrypter reencrypter, ObjectVersion version, CancellationToken working)
    {
        try
        {
            return await reencrypter.PutUnderNewKeyAsync(version, working);
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <summary>Counts the oldest that is under way. One that is refused is told at once,
    /// and everything else goes on.</summary>
    private async Task TakeAsync(CancellationToken working)
    {
        var (version, task) = ahead.Peek();
        while (!task.IsCompleted && !working.IsCancellationRequested)
        {
            await Task.WhenAny(task, Task.Delay(Interval, time, working));
            await PublishWhenDueAsync(working);
        }

        try
        {
            var wasUnderOld = await task;
            Count(version, wasUnderOld ? 1 : 0, wasUnderOld ? 1 : 0);
        }
        catch (ObjectRefusedException refused)
        {
            Count(version, met: 1, reencrypted: 0);
            var isFirst = state.Refusal is null;
            state = state with { Refusal = With(state.Refusal, refused.Refused) };
            if (isFirst)
            {
                await PublishAsync(working);
            }
        }

        ahead.Dequeue();
    }

    private void Count(ObjectVersion version, int met, int reencrypted)
    {
        if (lastKey != version.Key)
        {
            state = state with { LastKey = lastKey }; // the one before is whole
            lastKey = version.Key;
        }

        state = state with
        {
            Met = state.Met + met,
            Looked = state.Looked + 1,
            LookedBytes = state.LookedBytes + version.Size,
            Reencrypted = state.Reencrypted + reencrypted,
            ReencryptedBytes = state.ReencryptedBytes + (reencrypted * version.Size),
            AdvancedAt = time.GetUtcNow(),
        };
    }

    private CopyRefusal With(CopyRefusal? known, RefusedObject refused) => new()
    {
        Attempt = options.Attempt,
        At = time.GetUtcNow(),
        Count = (known?.Count ?? 0) + 1,
        Objects = known is null ? [refused] : known.Objects.Count < CopyRefusal.MostNamed ? [.. known.Objects, refused]
            : known.Objects,
    };

    private Task PublishWhenDueAsync(CancellationToken cancellation) =>
        time.GetElapsedTime(lastPublished) >= Interval ? PublishAsync(cancellation) : Task.CompletedTask;

    private Task PublishAsync(CancellationToken cancellation)
    {
        lastPublished = time.GetTimestamp();
        var now = time.GetUtcNow();
        state =
            state with { UpdatedAt = now, Refusal = state.Refusal is { } refusal ? refusal with { At = now } : null };
        return mark.WriteAsync(state, cancellation);
    }

    /// <summary>Nothing may outlive the run: it would write behind the back of the next attempt.</summary>
    private async Task DrainAsync()
    {
        while (ahead.TryDequeue(out var left))
        {
            await Task.WhenAny(left.Task);
            _ = left.Task.Exception;
        }
    }
}
