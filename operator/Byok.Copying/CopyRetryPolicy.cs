using Cloud;
using Polly;
using Polly.Retry;

namespace Byok.Copying;

/// <summary>Which failures are worth another attempt of the same worker, and when.</summary>
public sealed class CopyRetryPolicy
{
    /// <summary>About two minutes of an unreachable store; then the Job's own back-off takes over.</summary>
    public const int MaxAttempts = 8;

    /// <summary>A throttled store does answer, so it is retried for longer:
    /// about ten minutes at the ceiling.</summary>
    public const int MaxThrottles = 30;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly TimeProvider time;
    private readonly ResiliencePipeline insistence;

    public CopyRetryPolicy(TimeProvider time)
    {
        this.time = time;
        insistence = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = MaxAttempts - 1,
                ShouldHandle = static attempt => ValueTask.FromResult(Passing(attempt.Outcome.Exception) is not null),
                DelayGenerator = static attempt => ValueTask.FromResult<TimeSpan?>(
                    Wait(Passing(attempt.Outcome.Exception)!, attempt.AttemptNumber + 1)),
            })
            .Build();
    }

    /// <summary>Repeats an idempotent call until it answers, or the retries end.</summary>
    public async Task InsistAsync(Func<Task> call, CancellationToken cancellation)
    {
        // whoever insists goes on where it began
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        try
        {
            await insistence.ExecuteAsync(static async (_, call) => await call(), context, call);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public static bool IsPassing(CloudProblem problem) => problem is CloudProblem.Throttled or CloudProblem.Unreachable;

    /// <param name="problem">Which passes.</param>
    /// <param name="attempt">That met it, from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task WaitAsync(CloudProblem problem, int attempt, CancellationToken cancellation) =>
        // ends where it is cancelled
        Task.Delay(Wait(problem, attempt), time, CancellationToken.None).WaitAsync(cancellation);

    private static CloudProblem? Passing(Exception? failure) =>
        failure is CloudException { Problem: var problem } && IsPassing(problem) ? problem : null;

    /// <summary>Exponential with jitter, unless the server said how long.</summary>
    private static TimeSpan Wait(CloudProblem problem, int attempt)
    {
        var ceiling = Math.Min(LongestWait.TotalMilliseconds,
            FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 16) - 1));
        return problem is CloudProblem.Throttled { RetryAfter: { } wish } && wish < LongestWait
            ? wish
            : TimeSpan.FromMilliseconds(ceiling * (0.5 + (Jitter() / 2)));
    }

#pragma warning disable CA5394 // Spreads retries out; nothing secret depends on it.
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
