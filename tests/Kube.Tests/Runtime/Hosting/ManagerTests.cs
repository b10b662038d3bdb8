using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

public sealed class ManagerTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly Diary diary = new();
    private readonly CancellationTokenSource stop = new();
    private readonly FakeStore store;
    private readonly FakePart beside;
    private readonly Manager manager;

    public ManagerTests()
    {
        store = new FakeStore(diary, "store");
        beside = new FakePart(diary, "beside");
        manager = NewManager();
        manager.AddInformer(store).AddBeside(beside);
    }

    [Fact]
    public async Task Parts_start_in_order_and_stop_in_reverse()
    {
        manager.AddLed(new FakePart(diary, "controller"));
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Count == 2, "store and beside start");
        store.Sync();
        await Eventually.Holds(() => diary.Lines.Count == 3, "the controller starts");
        await stop.CancelAsync();
        (await running).ShouldBe(ExitCodes.Stopped);
        diary.Lines.Skip(2).ShouldBe(["controller starts", "controller stops", "beside stops", "store stops"]);
    }

    [Fact]
    public async Task Nothing_acts_on_a_store_that_is_not_synced()
    {
        manager.AddLed(new FakePart(diary, "controller"));
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Count == 2, "store and beside start");
        manager.Unready().ShouldBe(["store: not synced"]);
        await stop.CancelAsync();
        (await running).ShouldBe(ExitCodes.Stopped);
        diary.Lines.ShouldNotContain("controller starts");
    }

    [Fact]
    public async Task A_part_that_breaks_stops_everything_with_a_failure()
    {
        var controller = new FakePart(diary, "controller");
        manager.AddLed(controller);
        store.Sync();
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        controller.Fail();
        (await running).ShouldBe(ExitCodes.Failed);
        diary.Lines.ShouldContain("store stops");
    }

    [Fact]
    public async Task Work_in_hand_is_aborted_when_the_grace_is_over()
    {
        manager.AddLed(new FakePart(diary, "controller") { FinishesOnlyWhenAborted = true });
        store.Sync();
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        await stop.CancelAsync();
        await Eventually.Holds(() => diary.Lines.Contains("controller stops"), "the stop is heard");
        diary.Lines.ShouldNotContain("controller aborted");
        await Eventually.Holds(() => running.IsCompleted, time, TimeSpan.FromSeconds(1), "the end");
        diary.Lines.ShouldContain("controller aborted");
        diary.Lines.ShouldContain("store stops");
    }

    [Fact]
    public async Task Who_never_finishes_is_left_behind()
    {
        manager.AddLed(new FakePart(diary, "controller") { NeverFinishes = true });
        store.Sync();
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        await stop.CancelAsync();
        await Eventually.Holds(() => running.IsCompleted, time, TimeSpan.FromSeconds(1), "the end");
        (await running).ShouldBe(ExitCodes.Stopped);
    }

    [Fact]
    public void A_watch_that_is_silent_too_long_is_named()
    {
        store.Silence = TimeSpan.FromMinutes(2.9);
        manager.Problems().ShouldBeEmpty();
        store.Silence = TimeSpan.FromMinutes(3.1);
        manager.Problems().ShouldBe(["store: nothing heard for 186 s"]);
    }

    [Fact]
    public async Task Leadership_lost_aborts_the_controllers_and_ends_the_process()
    {
        await using var cluster = await Cluster.StartAsync();
        var election = Election(cluster, "one", time);
        manager.LedBy(election).AddLed(new FakePart(diary, "controller") { FinishesOnlyWhenAborted = true });
        store.Sync();
        var running = manager.RunAsync(stop.Token);
        await Eventually.Holds(() => diary.Lines.Contains("controller starts"), "the controller starts");
        time.PassWithoutTimers(TimeSpan.FromSeconds(30));
        election.Fence.IsHeld.ShouldBeFalse();
        await Eventually.Holds(() => running.IsCompleted, time, TimeSpan.FromMilliseconds(500), "the end");
        (await running).ShouldBe(ExitCodes.LeadershipLost);
        diary.Lines.ShouldContain("controller aborted");
    }

    [Fact]
    public async Task The_second_manager_takes_over_when_the_first_one_stops()
    {
        await using var cluster = await Cluster.StartAsync();
        using var stopFirst = new CancellationTokenSource();
        var first = RunAsync(cluster, "first", stopFirst.Token);
        await Eventually.Holds(() => diary.Lines.Contains("first leads starts"), "the first one leads");
        var second = RunAsync(cluster, "second", stop.Token);
        await Eventually.Holds(() => time.ActiveTimers >= 2, "the second one waits");
        diary.Lines.ShouldNotContain("second leads starts");

        await stopFirst.CancelAsync();
        (await first.WaitAsync(Eventually.Bound)).ShouldBe(ExitCodes.Stopped);
        await Eventually.Holds(() => diary.Lines.Contains("second leads starts"), time, TimeSpan.FromMilliseconds(500),
            "the second one leads");
        diary.Lines.ToList().IndexOf("first leads stops")
            .ShouldBeLessThan(diary.Lines.ToList().IndexOf("second leads starts"));
        await stop.CancelAsync();
        await second;
    }

    [Fact]
    public void What_it_owns_goes_with_it_the_last_one_first()
    {
        var one = NewManager();
        one.Owning(new Ending(diary, "client"), null, new Ending(diary, "controller"));
        one.Dispose();
        one.Dispose();
        diary.Lines.ShouldBe(["controller disposed", "client disposed"]);
    }

    public void Dispose()
    {
        manager.Dispose();
        stop.Dispose();
    }

    private Manager NewManager() => new(new ManagerOptions(), time, NullLogger<Manager>.Instance);

    private async Task<int> RunAsync(Cluster cluster, string name, CancellationToken cancellation)
    {
        using var one = NewManager();
        one.LedBy(Election(cluster, name, time)).AddLed(new FakePart(diary, $"{name} leads"));
        return await one.RunAsync(cancellation);
    }

    private static LeaderElector Election(Cluster cluster, string identity, TimeProvider time) => new(
        cluster.Client.Api<Lease>(),
        new LeaderElectionOptions { Lease = new ObjectKey("n", "lease"), Identity = identity },
        time,
        NullLogger<LeaderElector>.Instance);

    private sealed class Ending(Diary diary, string name) : IDisposable
    {
        public void Dispose() => diary.Write($"{name} disposed");
    }
}
