using System.Text.Json.Nodes;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.LeaderElection;

public sealed class LeaderElectionTests : IDisposable
{
    private static readonly ObjectKey lease = new("n", "lease");
    private static readonly TimeSpan retryPeriod = TimeSpan.FromSeconds(2);

    private readonly ManualTime time = new();
    private readonly CancellationTokenSource stop = new();

    [Fact]
    public async Task The_first_one_leads_and_renews()
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        one.Fence.IsHeld.ShouldBeTrue();
        for (var i = 0; i < 20; i++)
        {
            await RenewAsync(cluster);
        }

        running.IsCompleted.ShouldBeFalse();
        one.Fence.IsHeld.ShouldBeTrue("40 s later");
        (await LeaseAsync(cluster)).Spec.LeaseTransitions.ShouldBe(0);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_graceful_end_gives_the_lease_back_at_once()
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        await stop.CancelAsync();
        await running;
        one.Fence.IsHeld.ShouldBeFalse();
        (await LeaseAsync(cluster)).Spec.HolderIdentity.ShouldBeNullOrEmpty();

        using var stopTwo = new CancellationTokenSource();
        var two = Elector(cluster, "two");
        var successor = two.RunAsync(stopTwo.Token);
        await two.Acquired.WaitAsync(Eventually.Bound);
        (await LeaseAsync(cluster)).Spec.LeaseTransitions.ShouldBe(1);
        await stopTwo.CancelAsync();
        await successor;
    }

    [Fact]
    public async Task A_holder_that_falls_silent_is_replaced_after_its_lease_and_not_before()
    {
        await using var cluster = await Cluster.StartAsync();
        var spec =
            new V1LeaseSpec { HolderIdentity = "dead", LeaseDurationSeconds = 15, RenewTime = DateTime.UnixEpoch };
        await cluster.Client.Api<Lease>()
            .CreateAsync(new Lease { Metadata = new() { Namespace = "n", Name = "lease" }, Spec = spec },
                CancellationToken.None);
        var two = Elector(cluster, "two");
        var running = two.RunAsync(stop.Token);
        await Eventually.Holds(() => two.Acquired.IsCompleted, time, TimeSpan.FromMilliseconds(100), "two leads");
        time.GetElapsedTime(0).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(15));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_process_that_slept_past_its_deadline_has_lost_even_if_nobody_took_over()
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        time.PassWithoutTimers(TimeSpan.FromSeconds(40));
        one.Fence.IsHeld.ShouldBeFalse("before any of its timers fired");
        time.Advance(TimeSpan.Zero);
        await Eventually.Holds(() => running.IsCompleted, time, retryPeriod, "the election ends");
        one.Fence.IsHeld.ShouldBeFalse();
        (await LeaseAsync(cluster)).Spec.HolderIdentity.ShouldBe("one", "it lost by its own clock");
    }

    [Theory]
    [InlineData("one")]
    [InlineData("")]
    public async Task Who_slept_between_looking_and_writing_has_lost_whoever_holds_the_lease(string holder)
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "the elector waits");
        await HoldAsync(cluster, holder);
        cluster.Server.Asked += call =>
        {
            if (call.Method == "GET")
            {
                time.PassWithoutTimers(TimeSpan.FromSeconds(40));
            }
        };
        time.Advance(retryPeriod);
        await Eventually.Holds(() => running.IsCompleted, "the election ends");
        one.Fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_taken_by_somebody_else_ends_it()
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "the elector waits");
        await HoldAsync(cluster, "thief");
        time.Advance(retryPeriod);
        await Eventually.Holds(() => running.IsCompleted, "the election ends");
        one.Fence.IsHeld.ShouldBeFalse();
        (await LeaseAsync(cluster)).Spec.HolderIdentity.ShouldBe("thief");
    }

    [Fact]
    public async Task A_server_in_trouble_costs_the_lead_only_after_the_deadline()
    {
        await using var cluster = await Cluster.StartAsync();
        var one = Elector(cluster, "one");
        var running = one.RunAsync(stop.Token);
        await one.Acquired.WaitAsync(Eventually.Bound);
        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "the elector waits");
        cluster.Server.Faults.Refuse(403, times: 1,
            which: (_, path) => path.Contains("/leases/", StringComparison.Ordinal));
        time.Advance(retryPeriod); // this try fails
        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "it waits for the next one");
        running.IsCompleted.ShouldBeFalse();
        await RenewAsync(cluster);
        one.Fence.IsHeld.ShouldBeTrue();
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void Times_that_leave_no_room_are_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LeaderElector(
            null!, new() { Lease = lease, Identity = "x", RenewDeadline = TimeSpan.FromSeconds(12) }, time,
            NullLogger<LeaderElector>.Instance));

    public void Dispose() => stop.Dispose();

    private LeaderElector Elector(Cluster cluster, string identity) => new(
        cluster.Client.Api<Lease>(), new() { Lease = lease, Identity = identity }, time,
        NullLogger<LeaderElector>.Instance);

    /// <summary>Lets one retry period pass and waits until the renewal has arrived.</summary>
    private async Task RenewAsync(Cluster cluster)
    {
        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "the elector waits");
        var before = (await LeaseAsync(cluster)).Metadata.ResourceVersion;
        time.Advance(retryPeriod);
        using var limit = new CancellationTokenSource(Eventually.Bound);
        while ((await LeaseAsync(cluster)).Metadata.ResourceVersion == before)
        {
            await Task.Delay(1, limit.Token);
        }

        await Eventually.Holds(() => time.NextDueIn == retryPeriod, "the elector waits again");
    }

    private static Task<Lease> HoldAsync(Cluster cluster, string holder) => cluster.Client.Api<Lease>().PatchMergeAsync(
        lease, new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = holder } }, CancellationToken.None);

    private static Task<Lease> LeaseAsync(Cluster cluster) =>
        cluster.Client.Api<Lease>().GetAsync(lease, CancellationToken.None);
}
