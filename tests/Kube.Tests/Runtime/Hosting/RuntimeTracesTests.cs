using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Kube.Core;
using Kube.Runtime.Controllers;
using Kube.Runtime.Hosting;
using Kube.Tests.Runtime.Controllers;
using Kube.Tests.Runtime.Informers;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

public sealed class RuntimeTracesTests : IDisposable
{
    /// <summary>In whatever a server or a tenant wrote.</summary>
    private const string Secret = "wJalrXUtnFEMI";

    private readonly ConcurrentQueue<Activity> ended = [];
    private readonly ActivityListener listener;
    private readonly ManualTime time = new();

    public RuntimeTracesTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RuntimeTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    [Fact]
    public async Task A_reconcile_is_a_span_that_names_its_object_and_its_outcome()
    {
        await ReconcileAsync("traced-well", _ => Task.FromResult<Outcome>(new Outcome.Await()));
        var span = SpanOf("traced-well");
        span.OperationName.ShouldBe("reconcile things");
        TagsOf(span).ShouldBe(
            new Dictionary<string, string>
            {
                ["controller"] = "things", ["kind"] = "Thing", ["namespace"] = "n", ["name"] = "traced-well",
                ["outcome"] = "await",
            },
            ignoreOrder: true);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_reconcile_that_throws_tells_what_kind_of_failure_and_not_its_words()
    {
        await ReconcileAsync("traced-ill", _ => throw new InvalidOperationException(Secret));
        var span = SpanOf("traced-ill");
        TagsOf(span)["outcome"].ShouldBe("failed");
        TagsOf(span)["error.type"].ShouldBe("System.InvalidOperationException");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        Everything(span).ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData(200, ActivityStatusCode.Unset)]
    [InlineData(403, ActivityStatusCode.Error)]
    public async Task A_request_is_a_span_below_its_reconcile_without_its_query_its_headers_and_its_content(
        int status, ActivityStatusCode told)
    {
        var name = $"traced-{status}";
        await ReconcileAsync(name, async stop =>
        {
            using var meter = new RequestMeter(time) { InnerHandler = new Answering(status) };
            using var client = new HttpMessageInvoker(meter);
            using var request = new HttpRequestMessage(HttpMethod.Get,
                $"https://server.test/api/v1/namespaces/n/things/{name}?limit=500&x={Secret}");
            request.Headers.Add("Authorization", $"Bearer {Secret}");
            request.Content = new StringContent(Secret);
            using var answer = await client.SendAsync(request, stop);
            return new Outcome.Await();
        });
        var span =
            ended.Single(one => TagsOf(one).GetValueOrDefault("url.path") == $"/api/v1/namespaces/n/things/{name}");
        span.OperationName.ShouldBe("kubernetes list");
        span.ParentSpanId.ShouldBe(SpanOf(name).SpanId);
        TagsOf(span)["http.response.status_code"].ShouldBe($"{status}");
        span.Status.ShouldBe(told);
        Everything(span).ShouldNotContain(Secret);
    }

    public void Dispose() => listener.Dispose();

    private async Task ReconcileAsync(string name, Func<CancellationToken, Task<Outcome>> work)
    {
        var fed = new FedStore(time);
        var options = new ControllerOptions { Name = "things", Kind = "Thing", Triggers = [Trigger.Own(fed.Informer)] };
        using var stop = new CancellationTokenSource();
        using var controller = new Controller(options, new Working(work), time, NullLogger<Controller>.Instance);
        await fed.SyncAsync([Thing.Named(name)]);
        var running = controller.RunAsync(stop.Token);
        await Eventually.Holds(() => ended.Any(span => TagsOf(span).GetValueOrDefault("name") == name),
            "the reconcile ended");
        await stop.CancelAsync();
        await running;
    }

    private Activity SpanOf(string name) => ended.First(span => TagsOf(span).GetValueOrDefault("name") == name);

    private static Dictionary<string, string> TagsOf(Activity span) => span.TagObjects
        .Where(tag => tag.Value is not null && tag.Key != "reconcile")
        .ToDictionary(tag => tag.Key, tag => $"{tag.Value}");

    private static string Everything(Activity span) => string.Join(
        '\n',
        [span.DisplayName, span.StatusDescription ?? "", .. TagsOf(span).Values, .. span.Events.Select(one => one.Name),
            .. span.Baggage.Select(one => $"{one.Value}")]);

    private sealed class Working(Func<CancellationToken, Task<Outcome>> work) : IReconciler
    {
        public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation) => work(cancellation);
    }

    private sealed class Answering(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(Secret) });
    }
}
