using System.Net;
using System.Text;
using Byok.Copying.Tests;
using ByokOperator.Notifications;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

public sealed class NotificationSenderTests
{
    private static readonly byte[] secret = Encoding.ASCII.GetBytes("0123456789abcdef");

    [Fact]
    public async Task It_is_posted_as_a_signed_CloudEvent()
    {
        var wire = await SendAsync([HttpStatusCode.Accepted]);
        var post = wire.Posts.ShouldHaveSingleItem();
        post.Url.ShouldBe("http://sink.example/hook");
        post.ContentType.ShouldBe("application/cloudevents+json; charset=utf-8");
        post.Signature.ShouldBe(NotificationSignature.Sign(secret, post.Timestamp, post.Body));
    }

    [Fact]
    public async Task A_sink_that_is_away_is_asked_again_with_the_same_notice()
    {
        var wire = await SendAsync(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, null, HttpStatusCode.OK]);
        wire.Posts.Count.ShouldBe(4);
        wire.Posts.ShouldAllBe(post => post.Body.SequenceEqual(wire.Posts[0].Body));
    }

    [Fact]
    public async Task A_refusal_is_final() =>
        (await SendAsync([HttpStatusCode.BadRequest, HttpStatusCode.OK])).Posts.Count.ShouldBe(1);

    [Fact]
    public async Task A_redirect_is_a_refusal() =>
        (await SendAsync([HttpStatusCode.PermanentRedirect, HttpStatusCode.OK])).Posts.Count.ShouldBe(1);

    [Fact]
    public async Task Retries_end()
    {
        var wire = await SendAsync([.. Enumerable.Repeat<HttpStatusCode?>(HttpStatusCode.BadGateway, 100)]);
        wire.Posts.Count.ShouldBe(NotificationSender.MostRetries + 1);
    }

    [Fact]
    public async Task Who_does_not_lead_says_nothing() =>
        (await SendAsync([HttpStatusCode.OK], leads: false)).Posts.ShouldBeEmpty();

    private static async Task<Wire> SendAsync(HttpStatusCode?[] answers, bool leads = true)
    {
        var time = new TestTime();
        var board = new NotificationBoard(time, hasSink: true);
        var wire = new Wire(answers);
        using var stop = new CancellationTokenSource();
        using var sender = new NotificationSender(
            new NotificationRoute(new Uri("http://sink.example/hook"), () => secret, () => leads), board, time,
            NullLogger<NotificationSender>.Instance, wire);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        board.Tell(NotificationMaking.Of("2", time.GetUtcNow()));
        var running = sender.RunAsync(stop.Token);

        // One after the other: whoever has taken up the second is done with the first.
        while (board.Queue.Count > 0)
        {
            await Task.Delay(1);
        }

        await stop.CancelAsync();
        await running;
        return wire.Of("1");
    }

    private sealed record Post(string Url, string ContentType, string Timestamp, string Signature, byte[] Body);

    /// <summary>Answers in order, then with success; null is a connection that breaks.</summary>
    private sealed class Wire(HttpStatusCode?[] answers) : HttpMessageHandler
    {
        private int next;

        public List<Post> Posts { get; private init; } = [];

        public Wire Of(string mark)
        {
            var id = NotificationMaking.Of(mark).Id;
            return new Wire([])
            {
                Posts =
                    [.. Posts.Where(post => Encoding.UTF8.GetString(post.Body).Contains(id, StringComparison.Ordinal))],
            };
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            Posts.Add(new Post(
                request.RequestUri!.ToString(),
                request.Content.Headers.ContentType!.ToString(),
                request.Headers.GetValues(NotificationSignature.TimestampHeader).Single(),
                request.Headers.GetValues(NotificationSignature.SignatureHeader).Single(),
                body));
            var answer = next < answers.Length ? answers[next++] : HttpStatusCode.OK;
            return answer is { } code ? new HttpResponseMessage(code) : throw new HttpRequestException("reset");
        }
    }
}
