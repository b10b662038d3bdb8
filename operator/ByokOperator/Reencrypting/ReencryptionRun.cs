using Byok.Copying;
using Cloud;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Reencrypting;

/// <summary>
/// The worker of one shard. It walks the store until a whole pass met nothing under an old key: that pass is the census
/// which lets the old keys go. Started again after any crash it goes on from its checkpoint;
/// it deletes nothing of the tenant's.
/// </summary>
internal sealed partial class ReencryptionRun(
    ReencryptionOptions options, ReencryptionPorts ports, TimeProvider time, ILogger log)
{
    /// <summary>The second pass counts. Where something was met in so many, somebody writes under an old key,
    /// which the store's policy refuses.</summary>
    private const int MaxPasses = 10;

    /// <summary>Of objects, after "can't".</summary>
    public const string NotUnderNewKey = "be put under the new key";

    private readonly ILogger logger = log;
    private readonly ReencryptionMark mark = new(ports.Objects, options, time);

    /// <summary>Null until the first look at the checkpoint.</summary>
    private ShardReencryption? state;

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
            return await WorkAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await CheckpointAsync();
            return CopyExit.Terminated;
        }
        catch (Exception failure)
            when (failure is CopyMismatchException or CloudException { Problem: CloudProblem.Refused })
        {
            LogFailed(failure.Message);
            await EndAsync(
                new CopyRefusal
                {
                    Attempt = options.Attempt,
                    At = time.GetUtcNow(),
                    Reason = RefusedObject.Escaped(failure.Message),
                });
            return CopyExit.Mismatch;
        }
        catch (Exception failure) when (failure is CloudException or ShardTakenException or InvalidDataException)
        {
            LogFailed(failure.Message);
            await CheckpointAsync();
            return CopyExit.Retry;
        }
    }

    private async Task<CopyExit> WorkAsync(CancellationToken cancellation)
    {
        var earlier = await mark.ReadAsync(cancellation);
        if (earlier?.FinishedAt is not null)
        {
            return CopyExit.Done;
        }

        if (earlier is { HasEnded: true, Refusal: { } refusal } && refusal.Attempt == options.Attempt)
        {
            // a pod of this attempt said so before it ended
            return refusal.Objects.Count > 0 ? CopyExit.Refused : CopyExit.Mismatch;
        }

        state = Begin(earlier);
        await mark.WriteAsync(state, cancellation);
        LogStarted(options.Shard, state.Pass, state.Looked);
        while (true)
        {
            if (!await PassAsync(cancellation))
            {
                await CheckpointAsync();
                return CopyExit.Terminated;
            }

            LogPassed(options.Shard, state.Pass, state.Looked, state.Met);
            if (state.Refusal is { } refused)
            {
                LogFailed(refused.Tell(NotUnderNewKey));
                await EndAsync(refused with { At = time.GetUtcNow() });
                return CopyExit.Refused;
            }

            if (state.Met == 0)
            {
                await FinishAsync(cancellation);
                return CopyExit.Done;
            }

            if (state.Pass >= MaxPasses)
            {
                LogFailed("versions go on appearing under an old key");
                await mark.WriteAsync(state.NextPass() with { Pass = 1 }, cancellation);
                return CopyExit.Retry;
            }

            state = state.NextPass();
            await mark.WriteAsync(state, cancellation);
        }
    }

    /// <summary>What another attempt was refused is looked at again, from the beginning.</summary>
    private ShardReencryption Begin(ShardReencryption? earlier)
    {
        var now = time.GetUtcNow();
        var begun = earlier ?? new ShardReencryption { StartedAt = now, AdvancedAt = now };
        var isOfAnother = earlier?.Refusal is { } refusal && refusal.Attempt != options.Attempt;
        return (isOfAnother ? begun.NextPass() with { Pass = 1, Refusal = null, HasEnded = false } : begun) with
        {
            Shard = options.Shard, Shards = options.Shards, Engine = options.Engine, UpdatedAt = now,
        };
    }

    private async Task<bool> PassAsync(CancellationToken cancellation)
    {
        var pass = new ReencryptionPass(ports, options, mark, time);
        try
        {
            return await pass.RunAsync(state!, cancellation);
        }
        finally
        {
            state = pass.State;
        }
    }

    private async Task FinishAsync(CancellationToken cancellation)
    {
        await mark.TidyAsync(cancellation);
        var now = time.GetUtcNow();
        state = state! with { UpdatedAt = now, FinishedAt = now };
        await mark.WriteAsync(state, cancellation);
        LogDone(options.Shard, state.Looked, state.Reencrypted, state.ReencryptedBytes);
    }

    /// <summary>For the store's condition. Where it can't be written the exit code says it, and the log.</summary>
    private async Task EndAsync(CopyRefusal refusal)
    {
        if (state is not null)
        {
            state = state with { Refusal = refusal, HasEnded = true };
            await CheckpointAsync();
        }
    }

    /// <summary>The caller's token may be cancelled by now, and this is what a stop waits for.
    /// A failure to write must not hide the first one.</summary>
    private async Task CheckpointAsync()
    {
        if (state is null)
        {
            return;
        }

        try
        {
            await mark.WriteAsync(state with { UpdatedAt = time.GetUtcNow() }, CancellationToken.None);
        }
        catch (Exception failure) when (failure is CloudException or ShardTakenException)
        {
            LogUntold(failure.Message);
        }
    }
}
