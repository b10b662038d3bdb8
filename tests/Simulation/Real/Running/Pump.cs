namespace Simulation.Real.Running;

/// <summary>
/// Everything of a run happens on one thread, one thing after the other. What waits for time gets it. Without a context
/// whoever completes a task goes on with what waited for it; only what asks for another thread, as channels do, needs
/// this one as its context, and comes back here.
/// </summary>
internal sealed class Pump(ManualTime time) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    /// <summary>Told before time passes for whoever waits: other things go on meanwhile.</summary>
    public Action? Waiting { get; set; }

    /// <summary>What comes from elsewhere is dropped, and the run ends:
    /// an exception would end the process instead.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (time.Thread.IsHere())
        {
            posted.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <summary>Until it is done, however long that is by the run's clock; false where it was given up. Throws where
    /// something went on elsewhere.</summary>
    public bool Finish(Task task, TimeSpan patience)
    {
        var until = time.Now + patience;
        while (!task.IsCompleted)
        {
            time.DemandOneThread();
            if (posted.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
            else if (time.NextDue is not { } due)
            {
                return time.Thread.DemandNoneQueued(task);
            }
            else if (time.Now + due > until)
            {
                return false;
            }
            else
            {
                Pass(task, due);
            }
        }

        time.DemandOneThread();
        return true;
    }

    private void Pass(Task task, TimeSpan due)
    {
        Waiting?.Invoke();
        if (!task.IsCompleted)
        {
            time.Advance(due);
        }
    }

    /// <summary>With this as the context of all that begins in it.</summary>
    public bool Finish(Func<Task> begin, TimeSpan patience, out Task task)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            task = begin();
            return Finish(task, patience);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
