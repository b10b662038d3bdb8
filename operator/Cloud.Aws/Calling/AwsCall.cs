using Amazon.Runtime;
using Cloud.Calling;
using Microsoft.Extensions.Logging;

namespace Cloud.Aws.Calling;

/// <summary>
/// The one way to AWS: waits for the limiter, bounds the time, tries again what may be tried again, records the
/// evidence, and turns every failure into a <see cref="CloudException"/>.
/// Only the caller's own cancellation passes as such.
/// </summary>
internal sealed partial class AwsCall
{
    private readonly AwsLimiters limiters;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Action? leave;
    private readonly Attempts attempts;

    /// <param name="limiters">Shared by everybody who calls as this account.</param>
    /// <param name="time">For bounds and pauses.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="leave">Asked right before each attempt of a call that changes something;
    /// throws where it must not be made.</param>
    public AwsCall(AwsLimiters limiters, TimeProvider time, ILogger logger, Action? leave)
    {
        this.leave = leave;
        this.limiters = limiters;
        this.time = time;
        this.logger = logger;
        attempts = new Attempts(time);
    }

    public TimeProvider Time => time;

    public async Task<T> SendAsync<T>(
        AwsRequest request,
        Func<CancellationToken, Task<T>> send,
        Evidence? evidence,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse
    {
        return await attempts.RunAsync(
            request.RetryPolicy,
            static async (work, stop) => await work.Self.TryAsync(work.Request, work.Send, work.Evidence, stop),
            (Self: this, Request: request, Send: send, Evidence: evidence),
            cancellation);
    }

    private async Task<T> TryAsync<T>(
        AwsRequest request,
        Func<CancellationToken, Task<T>> send,
        Evidence? evidence,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse
    {
        var gate = limiters.For(request);
        if (await gate.EnterAsync(cancellation) is { Ticks: > 0 } wait)
        {
            CallMetrics.Waited(request.Operation, request.Region, wait);
        }

        if (request.IsChange)
        {
            leave?.Invoke();
        }

        using var bound = new CancellationTokenSource(Attempts.Bound(request.RetryPolicy), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var began = time.GetTimestamp();
        using var span = CallTraces.Begin(request.Operation, request.Region);
        try
        {
            var answer = await send(both.Token);
            CallMetrics.Called(request.Operation, request.Region, problem: null, time.GetElapsedTime(began));
            CallTraces.End(span, problem: null, answer.ResponseMetadata?.RequestId);
            evidence?.Add(
                new CallRecord(request.Operation, time.GetUtcNow(), "OK", answer.ResponseMetadata?.RequestId));
            return answer;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            var problem = AwsProblems.From(failure);
            CallMetrics.Called(request.Operation, request.Region, problem, time.GetElapsedTime(began));
            CallTraces.End(span, problem, RequestIdOf(failure));
            throw Translate(request, gate, failure, problem, evidence);
        }
    }

    private CloudException Translate(
        AwsRequest request, RateLimiter gate, Exception failure, CloudProblem problem, Evidence? evidence)
    {
        var requestId = RequestIdOf(failure);
        evidence?.Add(new CallRecord(request.Operation, time.GetUtcNow(), problem.Code, requestId));
        if (problem is CloudProblem.Throttled throttled)
        {
            gate.SlowDown(throttled.RetryAfter);
            LogThrottled(logger, request.Operation, request.Region, problem.Code);
        }

        LogFailed(logger, request.Operation, request.Region, request.Scope, problem.Code, requestId);
        return failure as CloudException ?? new CloudException(problem, request.Operation, requestId, failure);
    }

    private static string? RequestIdOf(Exception failure) =>
        (failure as AmazonServiceException)?.RequestId is { Length: > 0 } id ? id : null;
}
