using System.Diagnostics;
using Polly;
using Polly.Retry;

namespace Cloud.Calling;

/// <summary>
/// Tries a call again where it was throttled or got no answer, as often as its <see cref="CallRetryPolicy"/> allows.
/// The same for every cloud: SDKs' own retries are off, because they count apart from these.
/// </summary>
internal sealed class Attempts
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Also caps what a server may ask for with Retry-After:
    /// the reconcile's own back-off is the longer one.</summary>
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
        CallRetryPolicy policy,
        Func<TWork, CancellationToken, ValueTask<TAnswer>> attempt,
        TWork work,
        CancellationToken cancellation) => policy switch
    {
        CallRetryPolicy.Once => attempt(work, cancellation),
        CallRetryPolicy.Probe => RunAsync(twice, attempt, work, cancellation),
        _ => RunAsync(fourTimes, attempt, work, cancellation),
    };

    /// <summary>Of one attempt, counted once its limiter has let it through.</summary>
    public static TimeSpan Bound(CallRetryPolicy policy) => policy switch
    {
        CallRetryPolicy.Probe => TimeSpan.FromSeconds(5),
        CallRetryPolicy.Control => TimeSpan.FromSeconds(15),
        CallRetryPolicy.Once => TimeSpan.FromSeconds(15),
        CallRetryPolicy.Copy => TimeSpan.FromMinutes(10),
        _ => throw new UnreachableException(),
    };

    /// <summary>Nearly every call succeeds at once, and the pipeline costs as much as signing a request does: it is
    /// entered with the first failure.</summary>
    private static async ValueTask<TAnswer> RunAsync<TWork, TAnswer>(
        ResiliencePipeline pipeline, Func<TWork, CancellationToken, ValueTask<TAnswer>> attempt, TWork work,
        CancellationToken cancellation)
    {
        try
        {
            return await attempt(work, cancellation);
        }
        catch (CloudException first) when (IsWorthAnother(first))
        {
            return await AgainAsync(pipeline, (first, attempt, work), cancellation);
        }
    }

    private static async ValueTask<TAnswer> AgainAsync<TWork, TAnswer>(
        ResiliencePipeline pipeline,
        (CloudException First, Func<TWork, CancellationToken, ValueTask<TAnswer>> Attempt, TWork Work) call,
        CancellationToken cancellation)
    {
        CloudException? untold = call.First;
        return await pipeline.ExecuteAsync(
            token =>
                Interlocked.Exchange(ref untold, null) is { } failure ? ValueTask.FromException<TAnswer>(failure)
                    : call.Attempt(call.Work, token),
            cancellation);
    }

    private static bool IsWorthAnother(Exception? failure) =>
        failure is CloudException { Problem: CloudProblem.Throttled or CloudProblem.Unreachable };

    private ResiliencePipeline Pipeline(int retries) => new ResiliencePipelineBuilder { TimeProvider = Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = retries,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = static arguments => ValueTask.FromResult(IsWorthAnother(arguments.Outcome.Exception)),
        })
        .Build();
}

/// <summary>How long a call may take and how often it is tried. Every kind is bounded,
/// so no reconcile hangs on a cloud.</summary>
internal enum CallRetryPolicy
{
    /// <summary>A look at or a small change to one resource.</summary>
    Control,

    /// <summary>A use of a key: an answer that comes late is worth no more than none.</summary>
    Probe,

    /// <summary>A cloud moves up to 5 GiB before it answers.</summary>
    Copy,

    /// <summary>Tried once: repeating it could do it twice.</summary>
    Once,
}
