namespace Fuzz.Running;

/// <summary>
/// Everything of one input happens on one thread, one thing after the other, so that a seed tells the same story twice.
/// What waits for time gets it; what went elsewhere is waited for.
/// </summary>
internal sealed class Pump(ManualTime time) : SynchronizationContext
{
    /// <summary>For what another thread is to bring.</summary>
    private static readonly TimeSpan lastResort = TimeSpan.FromMinutes(2);

    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly Lock gate = new();
    private readonly PoolQuiet quiet = new();

    /// <summary>Told before time passes for whoever waits: other things go on meanwhile.</summary>
    public Action? Waiting { get; set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (gate)
        {
            posted.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public T Run<T>(Func<Task<T>> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return Finish(work());
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Run(Func<Task> work) => Run(async () =>
    {
        await work();
        return true;
    });

    /// <summary>What was left for later, now.</summary>
    public void Settle()
    {
        while (Next() is { } next)
        {
            next.Callback(next.State);
        }
    }

    private T Finish<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            if (Next() is { } next)
            {
                next.Callback(next.State);
                continue;
            }

            Waiting?.Invoke();
            if (task.IsCompleted || HasPosts || !quiet.Wait(lastResort, () => task.IsCompleted || HasPosts))
            {
                continue;
            }

            if (time.NextDue is { } due)
            {
                time.Advance(due);
            }
            else if (!SpinWait.SpinUntil(() => task.IsCompleted || HasPosts || time.NextDue is not null, lastResort))
            {
                throw new TimeoutException("something that nobody waits for any more never ended");
            }
        }

        Settle();
        return task.GetAwaiter().GetResult();
    }

    private bool HasPosts
    {
        get
        {
            lock (gate)
            {
                return posted.Count > 0;
            }
        }
    }

    private (SendOrPostCallback Callback, object? State)? Next()
    {
        lock (gate)
        {
            return posted.TryDequeue(out var next) ? next : null;
        }
    }
}
