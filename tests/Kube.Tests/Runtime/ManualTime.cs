namespace Kube.Tests.Runtime;

/// <summary>A clock that moves when told. Timers fire inside <see cref="Advance"/>, in order,
/// each at its own moment.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private TimeSpan now;
    private TimeSpan wallShift;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int ActiveTimers
    {
        get
        {
            lock (gate)
            {
                return timers.Count(timer => timer.Due is not null);
            }
        }
    }

    /// <summary>How far ahead the next timer is.</summary>
    public TimeSpan? NextDueIn
    {
        get
        {
            lock (gate)
            {
                return timers.Min(timer => timer.Due) - now;
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
        {
            return now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return start + now + wallShift;
        }
    }

    /// <summary>The wall clock jumps, as after a suspended machine wakes;
    /// timers and timestamps do not notice.</summary>
    public void ShiftWallClock(TimeSpan by)
    {
        lock (gate)
        {
            wallShift += by;
        }
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (gate)
        {
            target = now + by;
        }

        while (TakeNext(target) is { } due)
        {
            due.Fire();
        }
    }

    /// <summary>Time passes and no timer fires: what a process sees that was stopped and goes on.</summary>
    public void PassWithoutTimers(TimeSpan by)
    {
        lock (gate)
        {
            now += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
        }

        return timer;
    }

    private ManualTimer? TakeNext(TimeSpan target)
    {
        lock (gate)
        {
            var next = timers.Where(timer => timer.Due is { } due && due <= target).MinBy(timer => timer.Due);
            var then = next?.Due ?? target;
            now = now > then ? now : then; // never back, even if time passed on another thread meanwhile
            if (next is not null)
            {
                next.Due = next.Period > TimeSpan.Zero ? now + next.Period : null;
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                Due = dueTime < TimeSpan.Zero ? null : clock.now + dueTime;
                Period = period < TimeSpan.Zero ? TimeSpan.Zero : period;
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                Due = null;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
