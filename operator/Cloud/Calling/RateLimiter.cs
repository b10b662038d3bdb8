namespace Cloud.Calling;

/// <summary>
/// Lets calls through at a steady rate with a small burst, slower after the cloud throttled us, and back to the full
/// rate as time passes without. Order is arrival order; nobody waits longer than <see cref="LongestWait"/>.
/// </summary>
internal sealed class RateLimiter
{
    /// <summary>Past this a caller is better told that it is throttled than kept.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The slowest a throttled gate gets, as a share of its rate: 1/32 still finishes.</summary>
    private const double LeastShare = 1.0 / 32;

    /// <summary>The share doubles each time this passes without a throttle.</summary>
    private const double RecoverySeconds = 10;

    /// <summary>A tenth of a second's calls may go at once.</summary>
    private const double BurstSeconds = 0.1;

    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly double interval;
    private readonly double burst;
    private double next = double.MinValue;
    private double share = 1;
    private double throttledAt;

    public RateLimiter(double perSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        this.time = time;
        interval = 1 / perSecond;
        burst = Math.Max(BurstSeconds, interval);
    }

    /// <summary>Gives how long it had to wait.</summary>
    public ValueTask<TimeSpan> EnterAsync(CancellationToken cancellation)
    {
        var wait = Reserve();
        return wait <= TimeSpan.Zero ? ValueTask.FromResult(TimeSpan.Zero)
            : new ValueTask<TimeSpan>(WaitAsync(wait, cancellation));
    }

    public void SlowDown(TimeSpan? retryAfter)
    {
        lock (gate)
        {
            var now = Now();
            share = Math.Max(LeastShare, Share(now) / 2);
            throttledAt = now;
            next = Math.Max(next, now + (retryAfter?.TotalSeconds ?? 0));
        }
    }

    private async Task<TimeSpan> WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        await Task.Delay(wait, time, cancellation);
        return wait;
    }

    private TimeSpan Reserve()
    {
        lock (gate)
        {
            var now = Now();
            var start = Math.Max(next, now - burst);
            var wait = Math.Max(0, start - now);
            if (wait > LongestWait.TotalSeconds)
            {
                throw new CloudException(
                    new CloudProblem.Throttled("LocalLimit", "more calls wait than the quota lets through",
                        LongestWait), "limiter");
            }

            next = start + (interval / Share(now));
            return TimeSpan.FromSeconds(wait);
        }
    }

    private double Share(double now) =>
        share >= 1 ? 1 : Math.Min(1, share * Math.Pow(2, (now - throttledAt) / RecoverySeconds));

    private double Now() => (double)time.GetTimestamp() / time.TimestampFrequency;
}
