namespace Kube.Runtime.LeaderElection;

/// <summary>
/// Whether we lead at this very moment. Every destructive act asks right before its call. Nothing is scheduled and
/// nothing is remembered as "true": the answer is computed from the clock when asked, so a process that was stopped
/// past its lease and wakes up in the middle of a reconcile is told no, before any timer of its own has fired.
/// </summary>
public sealed class LeadershipFence
{
    private readonly TimeProvider time;
    private readonly TimeSpan validFor;
    private readonly Lock gate = new();
    private Renewal? last;

    /// <param name="time">Its timestamps must go on while the process is stopped,
    /// as Linux's monotonic clock does.</param>
    /// <param name="validFor">How long one renewal vouches: the lease's duration less the safety margin.</param>
    internal LeadershipFence(TimeProvider time, TimeSpan validFor)
    {
        this.time = time;
        this.validFor = validFor;
    }

    /// <summary>
    /// By both clocks: the monotonic one, which nobody can set, and the wall clock, which has moved on when a whole
    /// machine was suspended. Whichever says more, counts.
    /// </summary>
    public bool IsHeld
    {
        get
        {
            lock (gate)
            {
                return last is { } renewal
                    && time.GetElapsedTime(renewal.Timestamp) < validFor
                    && time.GetUtcNow() - renewal.WallClock < validFor;
            }
        }
    }

    /// <summary>For a program that runs alone by construction (a one-off command, a test): always held.</summary>
    public static LeadershipFence Alone()
    {
        var fence = new LeadershipFence(new Standstill(), TimeSpan.MaxValue);
        fence.Renewed(default);
        return fence;
    }

    public void ThrowIfLost()
    {
        if (!IsHeld)
        {
            throw new LeadershipLostException();
        }
    }

    /// <summary>The moment before a renewal is sent: the lease counts from then at the latest.</summary>
    internal Renewal Now() => new(time.GetTimestamp(), time.GetUtcNow());

    internal void Renewed(Renewal sentAt)
    {
        lock (gate)
        {
            last = sentAt;
        }
    }

    internal void Lost()
    {
        lock (gate)
        {
            last = null;
        }
    }

    internal readonly record struct Renewal(long Timestamp, DateTimeOffset WallClock);

    private sealed class Standstill : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override DateTimeOffset GetUtcNow() => default;
    }
}

/// <summary>An act was refused because this process does not lead, or cannot be sure that it does.</summary>
public sealed class LeadershipLostException()
    : Exception("This process does not hold the lease, or cannot be sure that it does.");
