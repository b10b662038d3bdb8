namespace Simulation.Real.Running;

/// <summary>A clock that stands until the run moves it. What waits on it goes on at its moment,
/// on the one thread of its run.</summary>
internal sealed class ManualTime(DateTimeOffset start, OneThread thread) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Waker, (long At, long Order)> wakers = new();
    private long now;
    private long order;

    /// <summary>Of a run that begins here.</summary>
    public ManualTime()
        : this(Start, OneThread.Begin())
    {
    }

    /// <summary>Another clock of the run that is under way here.</summary>
    public ManualTime(DateTimeOffset start)
        : this(start, OneThread.Current)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Now => start.AddTicks(now);

    /// <summary>On which everything of the run goes on.</summary>
    public OneThread Thread => thread;

    /// <summary>When the next of those that wait is due; null where nobody waits.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (wakers.TryPeek(out var next, out var due))
            {
                if (next.IsDueAt(due.Order))
                {
                    return TimeSpan.FromTicks(Math.Max(0, due.At - now));
                }

                wakers.Dequeue();
            }

            return null;
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        DemandOneThread();
        var waker = new Waker(this, callback, state, period);
        waker.Change(dueTime, period);
        return waker;
    }

    public void Advance(TimeSpan by)
    {
        var until = now + by.Ticks;
        while (NextDue is { } due && now + due.Ticks <= until)
        {
            var next = wakers.Dequeue();
            now += due.Ticks;
            next.Fire();
        }

        now = until;
    }

    /// <summary>Throws <see cref="StrayedException"/> where something of the run went on elsewhere.</summary>
    public void DemandOneThread() => Thread.Demand();

    private sealed class Waker(ManualTime time, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        private TimeSpan every = period;
        private long current = -1;

        public bool IsDueAt(long order) => order == current;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            current = -1;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                current = ++time.order;
                time.wakers.Enqueue(this, (time.now + dueTime.Ticks, current));
            }

            return true;
        }

        public void Fire()
        {
            current = -1;
            if (every > TimeSpan.Zero)
            {
                Change(every, every);
            }

            callback(state);
        }

        public void Dispose() => current = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
