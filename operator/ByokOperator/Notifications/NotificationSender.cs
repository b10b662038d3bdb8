using System.Net.Http.Headers;
using ByokOperator.Cluster;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ByokOperator.Notifications;

/// <summary>
/// Posts notices to the sink, one after the other, so that they arrive in order. Only while this process leads: it is
/// asked before each attempt. A sink that refuses is not asked again; one that is away is, with back-off, and then the
/// notice is dropped and counted.
/// </summary>
internal sealed partial class NotificationSender : IRunnable, IDisposable
{
    /// <summary>With the back-off about five minutes: longer outages are what reports and conditions are for.</summary>
    public const int MostRetries = 8;

    private static readonly TimeSpan firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan longestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan attemptLimit = TimeSpan.FromSeconds(10);

    /// <summary>What is still queued at the end of the process gets this long.</summary>
    private static readonly TimeSpan lastWords = TimeSpan.FromSeconds(2);

    private readonly NotificationRoute route;
    private readonly NotificationBoard board;
    private readonly TimeProvider time;
    private readonly ILogger<NotificationSender> logger;
    private readonly HttpClient http;
    private readonly ResiliencePipeline<string?> retries;

    public NotificationSender(
        NotificationRoute route, NotificationBoard board, TimeProvider time, ILogger<NotificationSender> logger,
        HttpMessageHandler? transport = null)
    {
        (this.route, this.board, this.time, this.logger) = (route, board, time, logger);
        NotificationMetrics.Begin();

        // A redirect would carry signed words to whom nobody named.
        http = new HttpClient(transport
            ?? new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            });
        http.DefaultRequestHeaders.UserAgent.ParseAdd($"byok-operator/{OperatorVersion.Current}");
        retries = new ResiliencePipelineBuilder<string?> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<string?>
            {
                MaxRetryAttempts = MostRetries,
                Delay = firstPause,
                MaxDelay = longestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static attempt =>
                    ValueTask.FromResult(
                        attempt.Outcome.Exception is AwayException or HttpRequestException or TimeoutException),
                DelayGenerator = static attempt =>
                    ValueTask.FromResult((attempt.Outcome.Exception as AwayException)?.After),
                OnRetry = static _ =>
                {
                    NotificationMetrics.Count(NotificationMetrics.Retried);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    public string Name => "notices";

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var onStop = cancellation.Register(() => end.CancelAfter(lastWords));
        try
        {
            while (await board.Queue.WaitToReadAsync(cancellation))
            {
                await SendAllAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await SendAllAsync(end.Token);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task SendAllAsync(CancellationToken end)
    {
        while (board.TryTake(out var notice))
        {
            var why = await SendAsync(notice, end);
            if (why is null)
            {
                NotificationMetrics.Count(NotificationMetrics.Sent);
                LogSent(notice.Id, notice.Type);
            }
            else
            {
                NotificationMetrics.Count(NotificationMetrics.Dropped);
                LogLost(notice.Id, notice.Type, why);
            }
        }
    }

    /// <summary>Null when it arrived, else why it did not.</summary>
    private async Task<string?> SendAsync(Notification notice, CancellationToken end)
    {
        var body = CloudEvent.Write(notice);
        try
        {
            return await retries.ExecuteAsync(token => AttemptAsync(body, token), end);
        }
        catch (Exception failed)
            when (failed is AwayException or HttpRequestException or TimeoutException or IOException
                or UnauthorizedAccessException)
        {
            return failed is HttpRequestException ? "the sink is out of reach" : failed.Message;
        }
        catch (OperationCanceledException)
        {
            return "the process ends";
        }
    }

    private async ValueTask<string?> AttemptAsync(byte[] body, CancellationToken end)
    {
        if (!route.MayAct())
        {
            return "another replica leads, and tells it";
        }

        using var limit = new CancellationTokenSource(attemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, limit.Token);
        try
        {
            using var request = Request(body);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(answer);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !end.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {attemptLimit.TotalSeconds:0} s");
        }
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var timestamp = NotificationSignature.Timestamp(time.GetUtcNow());
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        return new HttpRequestMessage(HttpMethod.Post, route.Sink)
        {
            Content = content,
            Headers =
            {
                { NotificationSignature.TimestampHeader, timestamp },
                { NotificationSignature.SignatureHeader, NotificationSignature.Sign(route.Secret(), timestamp, body) },
            },
        };
    }

    private string? Judge(HttpResponseMessage answer) => (int)answer.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 500 or 408 or 425 or 429 =>
            throw new AwayException($"the sink answers {(int)answer.StatusCode}", PauseOf(answer.Headers.RetryAfter)),
        var refusal => $"the sink refuses it with {refusal}",
    };

    private TimeSpan? PauseOf(RetryConditionHeaderValue? asked)
    {
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);
        return pause is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longestPause ? longestPause
            : wait;
    }

    /// <summary>The sink can't take it now.</summary>
    private sealed class AwayException(string message, TimeSpan? after) : Exception(message)
    {
        public TimeSpan? After { get; } = after;
    }
}

/// <summary>Where notices go and under what.</summary>
/// <param name="Secret">Read for each attempt.</param>
/// <param name="MayAct">Whether this process leads at this moment.</param>
internal sealed record NotificationRoute(Uri Sink, Func<byte[]> Secret, Func<bool> MayAct)
{
    /// <summary>Null where no sink is named.</summary>
    public static NotificationRoute? Of(OperatorOptions options, LeadershipFence fence)
    {
        if (options.NotificationSink is not { } sink)
        {
            return null;
        }

        var secret = new NotificationSecret(options.NotificationSecretFile, Environment.GetEnvironmentVariable);
        return new NotificationRoute(new Uri(sink), secret.Read, () => fence.IsHeld);
    }
}
