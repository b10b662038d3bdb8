namespace Kube.Runtime.Scheduling;

/// <summary>
/// A <see cref="Schedule{TKey}"/> that many may wait on: one lock, and one timer set to the earliest due time. It costs
/// nothing while nothing is due, however many keys wait.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan longestTimer = TimeSpan.FromDays(1); // timers refuse more than 49 days

    private readonly Lock gate = new();
    private readonly Schedule<TKey> schedule;
    private readonly LinkedList<TaskCompletionSource<WorkItem<TKey>>> waiters = [];
    private readonly TimeProvider time;
    private readonly long origin;
    private readonly ITimer timer;
    private bool closed;

    /// <param name="time">Tells what is due.</param>
    /// <param name="schedule">Says which is next. It is this queue's alone from now on.</param>
    public WorkQueue(TimeProvider time, Schedule<TKey>? schedule = null)
    {
        this.schedule = schedule ?? new();
        this.time = time;
        origin = time.GetTimestamp();
        timer = time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys due now that no worker has taken.</summary>
    public int Depth
    {
        get
        {
            lock (gate)
            {
                return schedule.CountDue(Now);
            }
        }
    }

    /// <summary>Keys that wait, due or not.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return schedule.Waiting;
            }
        }
    }

    /// <summary>Nothing is due and nothing is being worked on.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return schedule.Running == 0 && schedule.CountDue(Now) == 0;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(origin);

    public void Add(TKey key, TimeSpan delay = default, int priority = 0)
    {
        lock (gate)
        {
            schedule.Add(key, Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), priority);
            Dispatch_NeedsLock();
        }
    }

    /// <summary>Waits for a key that is due. Whoever gets one must call <see cref="Done"/>.</summary>
    public async Task<WorkItem<TKey>> TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource<WorkItem<TKey>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            waiters.AddLast(waiter);
            Dispatch_NeedsLock();
        }

        using var registration = cancellation.Register(() => Withdraw(waiter, cancellation));
        return await waiter.Task;
    }

    public void Done(TKey key)
    {
        lock (gate)
        {
            schedule.Done(key);
            Dispatch_NeedsLock();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
        }

        timer.Dispose();
    }

    private void Dispatch()
    {
        lock (gate)
        {
            Dispatch_NeedsLock();
        }
    }

    private void Dispatch_NeedsLock()
    {
        if (closed)
        {
            return;
        }

        TimeSpan? askAgain = null;
        while (waiters.First is { } first && schedule.TryTake(Now, out var turn, out askAgain))
        {
            waiters.Remove(first);
            first.Value.SetResult(turn);
        }

        if (waiters.Count > 0 && askAgain is { } due)
        {
            var wait = due - Now;
            timer.Change(wait < longestTimer ? Positive(wait) : longestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private void Withdraw(TaskCompletionSource<WorkItem<TKey>> waiter, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (waiters.Remove(waiter))
            {
                waiter.SetCanceled(cancellation);
            }
        }
    }

    // Rounded up to a whole millisecond, which is what a timer counts: else it fires just too early and spins.
    private static TimeSpan Positive(TimeSpan wait) =>
        TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
}
