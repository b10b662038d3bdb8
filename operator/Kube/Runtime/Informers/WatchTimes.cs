using Kube.Runtime.Scheduling;

namespace Kube.Runtime.Informers;

/// <summary>How a watch that fails tries again.</summary>
public sealed record WatchTimes
{
    /// <summary>Between failed tries; the ceiling bounds how late a recovered server is noticed.</summary>
    public BackoffPolicy Backoff { get; init; } =
        new(First: TimeSpan.FromMilliseconds(500), Ceiling: TimeSpan.FromSeconds(20), Jitter: 0.5);

    /// <summary>
    /// A watch that lived this long was healthy, and the next failure starts over at the first delay. One that ended
    /// sooner, however politely, counts as failed: else a server that closes at once is asked in a hot loop.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(10);
}
