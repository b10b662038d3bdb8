using System.Net;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>A manager's life within a host, over a socket.</summary>
public sealed class OperatorHostingTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly Diary diary = new();
    private readonly HttpClient http = new();
    private readonly FakeStore store;
    private readonly FakePart part;
    private readonly Manager manager;

    public OperatorHostingTests()
    {
        store = new FakeStore(diary, "store");
        part = new FakePart(diary, "controller");
        manager = new Manager(new ManagerOptions(), time, NullLogger<Manager>.Instance);
        manager.AddInformer(store).AddLed(part);
    }

    [Fact]
    public async Task It_says_what_is_wrong_each_trouble_in_a_line()
    {
        await using var served = await Served.StartAsync(manager, time);
        (await AskAsync(served, "/healthz")).ShouldBe("200 ok\n");
        (await AskAsync(served, "/readyz")).ShouldBe("503 store: not synced\n");
        store.Sync();
        (await AskAsync(served, "/readyz")).ShouldBe("200 ok\n");
        part.Problem = "controller: stuck";
        (await AskAsync(served, "/healthz")).ShouldBe("503 controller: stuck\n");
        store.Silence = TimeSpan.FromMinutes(3.1);
        (await AskAsync(served, "/healthz")).ShouldBe("503 store: nothing heard for 186 s\ncontroller: stuck\n");
        (await AskAsync(served, "/readyz")).ShouldBe("200 ok\n");
        (await AskAsync(served, "/metrics")).ShouldStartWith("200 ");
        (await AskAsync(served, "/other")).ShouldStartWith("404");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    public async Task It_answers_in_plain_text_to_GET_alone_and_does_not_say_what_it_runs_on(string path)
    {
        await using var served = await Served.StartAsync(manager, time);
        using var answer = await http.GetAsync(new Uri(served.Address, path));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.Contains("Server").ShouldBeFalse();
        using var body = new StringContent("x");
        using var posted = await http.PostAsync(new Uri(served.Address, path), body);
        posted.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task While_parts_finish_it_still_tells_how_they_are()
    {
        manager.AddLed(new FakePart(diary, "slow") { FinishesOnlyWhenAborted = true });
        store.Sync();
        await using var served = await Served.StartAsync(manager, time);
        await Eventually.Holds(() => diary.Lines.Contains("slow starts"), "the controllers start");
        await served.StopAsync();
        await Eventually.Holds(() => diary.Lines.Contains("slow stops"), "the stop is heard");
        (await AskAsync(served, "/healthz")).ShouldBe("200 ok\n");
        served.Running.IsCompleted.ShouldBeFalse();
        await Eventually.Holds(() => served.Running.IsCompleted, time, TimeSpan.FromSeconds(1), "the end");
        (await served.Running).ShouldBe(ExitCodes.Stopped);
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(served, "/healthz"));
    }

    [Fact]
    public async Task Leadership_lost_ends_the_host_with_its_code()
    {
        await using var cluster = await Cluster.StartAsync();
        var election = new LeaderElector(
            cluster.Client.Api<Lease>(),
            new LeaderElectionOptions { Lease = new ObjectKey("n", "lease"), Identity = "one" }, time,
            NullLogger<LeaderElector>.Instance);
        manager.LedBy(election);
        store.Sync();
        await using var served = await Served.StartAsync(manager, time);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        time.PassWithoutTimers(TimeSpan.FromSeconds(30));
        await Eventually.Holds(() => served.Running.IsCompleted, time, TimeSpan.FromMilliseconds(500), "the end");
        (await served.Running).ShouldBe(ExitCodes.LeadershipLost);
    }

    [Fact]
    public async Task A_part_that_breaks_ends_the_host_with_a_failure()
    {
        store.Sync();
        await using var served = await Served.StartAsync(manager, time);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        part.Fail();
        (await served.Running.WaitAsync(Eventually.Bound)).ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task What_wiring_throws_ends_the_start_as_it_is_and_nothing_listens()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddKubernetesOperator(
            _ => new OperatorEndpoints { Listen = "http://127.0.0.1:0" },
            (_, _) => Task.FromException<Manager>(KubeException.Unreachable("no answer", null)));
        await using var app = builder.Build();
        (await Should.ThrowAsync<KubeException>(() =>
            app.MapKubernetesOperator().RunManagerAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldContain("no answer");
        app.Urls.ShouldBe(["http://127.0.0.1:0"], "the port that was asked for, and none that was given");
    }

    public void Dispose()
    {
        manager.Dispose();
        http.Dispose();
    }

    private async Task<string> AskAsync(Served served, string path)
    {
        using var answer = await http.GetAsync(new Uri(served.Address, path));
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }
}
