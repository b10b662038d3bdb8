using System.Diagnostics;
using Polly;
using Polly.Retry;

namespace Cloud.Calling;

/// <summary>
/// Tries a call again where it was throttled or got no answer, as often as its <see cref="CallPatience"/> allows. The same for every
/// cloud: SDKs' own retries are off, because they count apart from these.
/// </summary>
internal sealed class Attempts
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Also caps what a server may ask for with Retry-After: the reconcile's own back-off is the longer one.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline twice;
    private readonly ResiliencePipeline fourTimes;

    public Attempts(TimeProvider time)
    {
        Time = time;
        twice = Pipeline(retries: 1);
        fourTimes = Pipeline(retries: 3);
    }

    public TimeProvider Time { get; }

    public ValueTask<TAnswer> RunAsync<TWork, TAnswer>(
        CallPatience patience,
        Func<TWork, CancellationToken, ValueTask<TAnswer>> attempt,
        TWork work,
        CancellationToken cancellation) => patience switch
    {
        CallPatience.Once => attempt(work, cancellation),
        CallPatience.Probe => twice.ExecuteAsync(attempt, work, cancellation),
        _ => fourTimes.ExecuteAsync(attempt, work, cancellation),
    };

    /// <summary>Of one attempt, counted once its limiter has let it through.</summary>
    public static TimeSpan Bound(CallPatience patience) => patience switch
    {
        CallPatience.Probe => TimeSpan.FromSeconds(5),
        CallPatience.Control => TimeSpan.FromSeconds(15),
        CallPatience.Once => TimeSpan.FromSeconds(15),
        CallPatience.Copy => TimeSpan.FromMinutes(10),
        _ => throw new UnreachableException(),
    };

    private ResiliencePipeline Pipeline(int retries) => new ResiliencePipelineBuilder { TimeProvider = Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = retries,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = static arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is CloudException { Problem: CloudProblem.Throttled or CloudProblem.Unreachable }),
        })
        .Build();
}
