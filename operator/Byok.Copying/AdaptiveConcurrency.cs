namespace Byok.Copying;

/// <summary>
/// How many keys are worked on at once. Halves when the store says "slow down", grows back by one for each round of
/// successes: the store's real limit is found, and found again when it moves.
/// </summary>
public sealed class AdaptiveConcurrency
{
    /// <summary>One refusal stands for all that were on their way when it came.</summary>
    private static readonly TimeSpan HalvingPause = TimeSpan.FromSeconds(1);

    private readonly int ceiling;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int inside;
    private int successes;
    private long lastHalving;
    private bool halved;

    public AdaptiveConcurrency(int ceiling, TimeProvider time)
    {
        this.ceiling = ceiling;
        this.time = time;
        Limit = ceiling;
    }

    public int Limit { get; private set; }

    public Task EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (inside < Limit)
            {
                inside++;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(turn);
            return turn.Task.WaitAsync(cancellation);
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            inside--;
            if (++successes >= Limit)
            {
                successes = 0;
                Limit = Math.Min(ceiling, Limit + 1);
            }

            while (inside < Limit && waiting.TryDequeue(out var turn))
            {
                inside++;
                turn.TrySetResult();
            }
        }
    }

    public void SlowDown()
    {
        lock (gate)
        {
            if (halved && time.GetElapsedTime(lastHalving) < HalvingPause)
            {
                return;
            }

            halved = true;
            lastHalving = time.GetTimestamp();
            successes = 0;
            Limit = Math.Max(1, Limit / 2);
        }
    }
}
