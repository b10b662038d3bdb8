using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Cloud.Calling;
using Microsoft.Extensions.Logging;

namespace Cloud.Azure.Calling;

/// <summary>
/// The first of our policies in every pipeline: waits for the limiter, asks for leave, bounds the time, records the
/// evidence, and turns every failure into a <see cref="CloudException"/>. Only the caller's own cancellation,
/// and what leave throws, pass as they are.
/// </summary>
internal sealed partial class CallRules(
    AzureLimiters limiters, TimeProvider time, ILogger logger, Action? leave) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var attempt = CallAttempt.Of(message);
        var operation = attempt.Terms.Operation;
        var changes = attempt.Terms.Changes
            ?? (message.Request.Method != RequestMethod.Get && message.Request.Method != RequestMethod.Head);
        var call = new Sent(attempt, limiters.For(attempt.Terms, message.Request.Uri.ToUri(), changes),
            message.Request.Uri.Host);
        if (await call.Gate.EnterAsync(message.CancellationToken) is { Ticks: > 0 } wait)
        {
            CallMetrics.Waited(operation, region: "", wait);
        }

        AskLeave(changes);
        attempt.Arm();
        var began = time.GetTimestamp();
        using var span = CallTraces.Begin(operation, region: "");
        CloudProblem? refused;
        try
        {
            await ProcessNextAsync(message, pipeline);
            refused = await RefusedAsync(attempt, message.Response);
        }
        catch (Exception failure) when (!attempt.Caller.IsCancellationRequested)
        {
            AskLeave(changes); // where it is gone, that is what stopped the bytes
            var problem = AzureProblems.From(failure, attempt.Terms.Tenancy is not null);
            CallMetrics.Called(operation, region: "", problem, time.GetElapsedTime(began));
            CallTraces.End(span, problem, requestId: null);
            throw Told(call, problem, requestId: null, failure);
        }
        finally
        {
            attempt.Disarm();
        }

        CallMetrics.Called(operation, region: "", refused, time.GetElapsedTime(began));
        var requestId = message.Response.Headers.TryGetValue("x-ms-request-id", out var id) ? id : null;
        CallTraces.End(span, refused, requestId);
        if (refused is not null)
        {
            throw Told(call, refused, requestId, cause: null);
        }

        var status = message.Response.Status;
        attempt.Answer = new CallRecord(operation, time.GetUtcNow(), status < 300 ? "OK" : $"Http{status}", requestId);
        attempt.Evidence?.Add(attempt.Answer);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("only asked asynchronously");

    private static async ValueTask<CloudProblem?> RefusedAsync(CallAttempt attempt, Response response) =>
        response.Status is < 200 or > 299 && !attempt.Terms.Accepts.Contains(response.Status)
            ? await AzureRefusal.ReadAsync(response, attempt) : null;

    private void AskLeave(bool changes)
    {
        if (changes)
        {
            leave?.Invoke();
        }
    }

    private CloudException Told(Sent call, CloudProblem problem, string? requestId, Exception? cause)
    {
        var operation = call.Attempt.Terms.Operation;
        call.Attempt.Evidence?.Add(new CallRecord(operation, time.GetUtcNow(), problem.Code, requestId));
        if (problem is CloudProblem.Throttled throttled)
        {
            call.Gate.SlowDown(throttled.RetryAfter);
            LogThrottled(logger, operation, call.Host, problem.Code);
        }

        LogFailed(logger, operation, call.Host, problem.Code, requestId);
        return new CloudException(problem, operation, requestId, cause);
    }

    private readonly record struct Sent(CallAttempt Attempt, RateLimiter Gate, string? Host);
}
