namespace Fuzz.Running;

/// <summary>A clock that stands until it is moved. What waits on it goes on at its moment, on the thread that moves it;
/// anybody may begin to wait.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Waker, (long At, long Order)> wakers = new();
    private long now;
    private long order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next of those that wait is due; null where nobody waits.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (gate)
            {
                return Due_NeedsLock() is { } due ? TimeSpan.FromTicks(Math.Max(0, due - now)) : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Volatile.Read(ref now));

    public override long GetTimestamp() => Volatile.Read(ref now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waker = new Waker(this, () => callback(state));
        waker.Change(dueTime, period);
        return waker;
    }

    public void Advance(TimeSpan by)
    {
        var until = GetTimestamp() + by.Ticks;
        while (Next(until) is { } next)
        {
            next.Fire();
        }
    }

    /// <summary>Null once it is as late as it was to be.</summary>
    private Waker? Next(long until)
    {
        lock (gate)
        {
            if (Due_NeedsLock() is { } due && due <= until)
            {
                now = Math.Max(now, due);
                return wakers.Dequeue();
            }

            now = until;
            return null;
        }
    }

    private long? Due_NeedsLock()
    {
        while (wakers.TryPeek(out var next, out var due))
        {
            if (next.Current == due.Order)
            {
                return due.At;
            }

            wakers.Dequeue();
        }

        return null;
    }

    private sealed class Waker(ManualTime time, Action wake) : ITimer
    {
        private TimeSpan every = Timeout.InfiniteTimeSpan;

        public long Current { get; private set; } = -1;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                every = period;
                Current = -1;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Current = ++time.order;
                    time.wakers.Enqueue(this, (time.now + dueTime.Ticks, Current));
                }
            }

            return true;
        }

        public void Fire()
        {
            _ = every > TimeSpan.Zero ? Change(every, every)
                : Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            wake();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
