using System.Security.Cryptography;
using Kube.Core;
using Polly;
using Polly.Retry;

namespace Kube.Client;

/// <summary>Makes attempts, each with its own deadline, until one answers, the rule says stop,
/// or they are used up.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<bool> repeatable = new(nameof(repeatable));

    private readonly KubeClientOptions options;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline<HttpResponseMessage> attempts;

    public RetryHandler(KubeClientOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        attempts = options.MaxAttempts > 1 ? Pipeline() : ResiliencePipeline<HttpResponseMessage>.Empty;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var isDeclared = request.Options.TryGetValue(KubeRequest.Repeatable, out var declared) && declared;
            context.Properties.Set(repeatable, isDeclared);
            return await attempts.ExecuteAsync(
                static (context, call) => call.Self.AttemptAsync(call.Request, context.CancellationToken),
                context,
                (Self: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        return await base.SendAsync(request, either.Token);
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline()
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        return builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = options.MaxAttempts - 1,
            Delay = RetryRule.FirstBackoff,
            MaxDelay = RetryRule.LongestBackoff,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = static attempt => ValueTask.FromResult(
                IsWorthAnother(attempt.Outcome, attempt.Context.Properties.GetValue(repeatable, false))),
            DelayGenerator = static attempt => ValueTask.FromResult(
                attempt.Outcome.Result is { } response ? RetryRule.Pause(RetryAfter(response), Jitter()) : null),
        }).Build();
    }

    private static bool IsWorthAnother(Outcome<HttpResponseMessage> outcome, bool repeatable) => outcome switch
    {
        { Exception: { } failure } => RetryRule.IsWorthAnother(failure, repeatable),
        { Result: { } response } => RetryRule.IsWorthAnother(response.StatusCode, RetryAfter(response), repeatable),
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        Answers.RetryAfterSeconds(response) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double Jitter() => RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
