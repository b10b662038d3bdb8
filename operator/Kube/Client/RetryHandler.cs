using System.Security.Cryptography;
using Kube.Core;

namespace Kube.Client;

/// <summary>Makes attempts, each with its own deadline, until one answers, the rule says stop, or they are used up.</summary>
internal sealed class RetryHandler(KubeClientOptions options, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var repeatable = request.Options.TryGetValue(KubeRequest.Repeatable, out var declared) && declared;
        for (var attempt = 0; ; attempt++)
        {
            var isLast = attempt + 1 >= options.MaxAttempts;
            TimeSpan wait;
            try
            {
                var response = await AttemptAsync(request, cancellationToken);
                if (isLast || RetryRule.AfterAnswer(response.StatusCode, RetryAfter(response), repeatable, attempt, Jitter()) is not { } asked)
                {
                    return response;
                }

                response.Dispose();
                wait = asked;
            }
            catch (Exception failure) when (!isLast && !cancellationToken.IsCancellationRequested
                && RetryRule.AfterFailure(failure, repeatable, attempt, Jitter()) is { } pause)
            {
                wait = pause;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        return await base.SendAsync(request, either.Token);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        Answers.RetryAfterSeconds(response) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double Jitter() => RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
