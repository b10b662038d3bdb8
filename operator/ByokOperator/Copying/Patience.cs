using Cloud;

namespace ByokOperator.Copying;

/// <summary>Which failures are worth another attempt of the same worker, and when.</summary>
internal sealed class Patience(TimeProvider time)
{
    /// <summary>About two minutes of an unreachable store; then the Job's own back-off takes over.</summary>
    public const int MaxAttempts = 8;

    /// <summary>A throttled store does answer, so patience with it is longer: about ten minutes at the ceiling.</summary>
    public const int MaxThrottles = 30;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>Repeats an idempotent call until it answers, or patience ends.</summary>
    public async Task InsistAsync(Func<Task> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (CloudException failure) when (IsPassing(failure.Problem) && attempt < MaxAttempts)
            {
                await WaitAsync(failure.Problem, attempt, cancellation);
            }
        }
    }

    public static bool IsPassing(CloudProblem problem) => problem is CloudProblem.Throttled or CloudProblem.Unreachable;

    /// <summary>Exponential with full jitter, unless the server said how long.</summary>
    public Task WaitAsync(CloudProblem problem, int attempt, CancellationToken cancellation)
    {
        var ceiling = Math.Min(LongestWait.TotalMilliseconds, FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 16) - 1));
        var wait = problem is CloudProblem.Throttled { RetryAfter: { } wish } && wish < LongestWait
            ? wish
            : TimeSpan.FromMilliseconds(ceiling * (0.5 + (Jitter() / 2)));
        return Task.Delay(wait, time, cancellation);
    }

#pragma warning disable CA5394 // Spreads retries out; nothing secret depends on it.
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
