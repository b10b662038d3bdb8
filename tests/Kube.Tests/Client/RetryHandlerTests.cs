using System.Net;
using System.Net.Http.Headers;
using k8s.Authentication;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Tests.Runtime;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>The client on a transport that answers by a script, in a time that moves when told.</summary>
public sealed class RetryHandlerTests
{
    private static readonly ObjectKey key = new("team", "a");
    private readonly ManualTime time = new();
    private readonly List<Func<CancellationToken, Task<HttpResponseMessage>>> script = [];
    private volatile int sent;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_throttled_create_waits_as_asked_and_is_sent_again()
    {
        script.Add(WatchResponse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 2));
        script.Add(WatchResponse(HttpStatusCode.Created));

        var creating = CreateAsync();
        time.Advance(TimeSpan.FromSeconds(1.9));
        sent.ShouldBe(1);
        await Eventually.Holds(() => creating.IsCompleted, time, TimeSpan.FromSeconds(0.1), "a second attempt");

        (await creating).Metadata.Name.ShouldBe("a");
        sent.ShouldBe(2);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_not_sent_again()
    {
        script.Add(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "lost"));

        (await Should.ThrowAsync<KubeException>(CreateAsync)).Status.IsUnreachable.ShouldBeTrue();
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task A_create_that_found_no_server_is_sent_again()
    {
        script.Add(_ => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        script.Add(WatchResponse(HttpStatusCode.Created));

        var creating = CreateAsync();
        await Eventually.Holds(() => creating.IsCompleted, time, RetryRule.LongestBackoff, "a second attempt");

        (await creating).Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public async Task A_read_is_tried_so_often_and_no_oftener_and_the_last_no_is_told()
    {
        script.AddRange(Enumerable.Repeat(WatchResponse(HttpStatusCode.ServiceUnavailable), 9));

        var reading = GetAsync();
        await Eventually.Holds(() => reading.IsCompleted, time, RetryRule.LongestBackoff, "the last attempt");

        (await Should.ThrowAsync<KubeException>(() => reading)).Status.Code.ShouldBe(503);
        sent.ShouldBe(new KubeClientOptions().MaxAttempts);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_ends_by_itself_and_the_next_may_succeed()
    {
        script.Add(async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        });
        script.Add(WatchResponse(HttpStatusCode.OK));

        var reading = GetAsync();
        time.Advance(new KubeClientOptions().RequestTimeout);
        await Eventually.Holds(() => sent == 2, time, RetryRule.LongestBackoff, "a second attempt");

        (await reading).Metadata.Name.ShouldBe("a");
        sent.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_told_by_its_code_and_its_beginning()
    {
        script.Add(_ =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("<html>go away") }));

        var told = await Should.ThrowAsync<KubeException>(() => GetAsync());

        told.Status.IsForbidden.ShouldBeTrue();
        told.Status.Message.ShouldBe("<html>go away");
    }

    [Fact]
    public async Task A_good_answer_that_is_no_object_says_nothing_about_the_object()
    {
        script.Add(_ =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>log in") }));

        (await Should.ThrowAsync<KubeException>(() => GetAsync())).Status.IsUnreachable.ShouldBeTrue();
    }

    [Fact]
    public async Task Retry_after_is_part_of_the_status_that_the_caller_sees()
    {
        script.Add(WatchResponse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 300));

        var told = await Should.ThrowAsync<KubeException>(() => GetAsync());

        told.Status.IsThrottled.ShouldBeTrue();
        told.Status.RetryAfterSeconds.ShouldBe(300);
        sent.ShouldBe(1, "so long a wait is the caller's");
    }

    [Fact]
    public async Task Between_attempts_no_longer_is_waited_than_the_longest_back_off()
    {
        script.AddRange(Enumerable.Repeat(WatchResponse(HttpStatusCode.BadGateway), 8));
        script.Add(WatchResponse(HttpStatusCode.OK));

        var reading = GetAsync(options: new KubeClientOptions { MaxAttempts = 9 });
        while (!reading.IsCompleted)
        {
            await Eventually.Holds(() => reading.IsCompleted || time.NextDueIn <= RetryRule.LongestBackoff,
                "a wait that is no longer");
            time.Advance(RetryRule.LongestBackoff);
        }

        (await reading).Metadata.Name.ShouldBe("a");
        sent.ShouldBe(9);
    }

    [Fact]
    public async Task Who_has_one_attempt_makes_one()
    {
        script.Add(WatchResponse(HttpStatusCode.TooManyRequests));

        (await Should.ThrowAsync<KubeException>(() =>
            GetAsync(options: new KubeClientOptions { MaxAttempts = 1 }))).Status.IsThrottled.ShouldBeTrue();
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_calls_may_end_a_wait()
    {
        script.Add(WatchResponse(HttpStatusCode.TooManyRequests, retryAfterSeconds: 10));
        using var stop = new CancellationTokenSource();
        using var client = Client();

        var reading = client.Api<ConfigMap>().GetAsync(key, stop.Token);
        await Eventually.Holds(() => time.NextDueIn < RetryRule.LongestRetryAfter, "it waits");
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_credential_is_replaced_once()
    {
        var credentials = new Rotating();
        script.Add(WatchResponse(HttpStatusCode.Unauthorized));
        script.Add(WatchResponse(HttpStatusCode.OK));

        await GetAsync(credentials);

        credentials.Seen.ShouldBe(["t0", "t1"]);
    }

    [Fact]
    public async Task A_server_that_refuses_every_credential_is_believed()
    {
        script.AddRange(Enumerable.Repeat(WatchResponse(HttpStatusCode.Unauthorized), 9));

        (await Should.ThrowAsync<KubeException>(() => GetAsync(new Rotating()))).Status.Code.ShouldBe(401);
        sent.ShouldBe(2);
    }

    [Fact]
    public async Task No_credential_goes_in_clear_text()
    {
        var credentials = new Rotating();
        script.Add(WatchResponse(HttpStatusCode.OK));
        using var client = Client(credentials, "http://127.0.0.1:1/under/a/path");

        await client.Api<ConfigMap>().GetAsync(key, Cancellation);

        credentials.Seen.ShouldBe([""]);
    }

    private async Task<ConfigMap> GetAsync(Rotating? credentials = null, KubeClientOptions? options = null)
    {
        using var client = Client(credentials, options: options);
        return await client.Api<ConfigMap>().GetAsync(key, Cancellation);
    }

    private async Task<ConfigMap> CreateAsync()
    {
        using var client = Client();
        return await client.Api<ConfigMap>()
            .CreateAsync(new() { Metadata = new() { Name = "a", Namespace = "team" } }, Cancellation);
    }

    private KubeClient Client(
        Rotating? credentials = null, string host = "https://127.0.0.1:1/under/a/path",
        KubeClientOptions? options = null)
    {
        var connection = new KubeConnection { Host = host, TokenProvider = credentials };
        return new KubeClient(connection, options ?? new KubeClientOptions(), time, new Scripted(this, credentials));
    }

    private static Func<CancellationToken, Task<HttpResponseMessage>> WatchResponse(
        HttpStatusCode code, int? retryAfterSeconds = null) => _ =>
    {
        var response = new HttpResponseMessage(
            code) { Content = new StringContent("""{"metadata":{"name":"a","namespace":"team"}}""") };
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.Add("Retry-After", $"{seconds}");
        }

        return Task.FromResult(response);
    };

    private sealed class Scripted(RetryHandlerTests test, Rotating? rotating) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri!.AbsolutePath.ShouldStartWith("/under/a/path/api/v1/namespaces/team/configmaps");
            rotating?.Seen.Add(request.Headers.Authorization?.Parameter ?? "");
            return test.script[test.sent++](cancellationToken);
        }
    }

    private sealed class Rotating : ITokenProvider, IRefusable
    {
        private int number;

        public List<string> Seen { get; } = [];

        public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AuthenticationHeaderValue("Bearer", $"t{number}"));

        public void Refuse(AuthenticationHeaderValue? shown) => number++;
    }
}
