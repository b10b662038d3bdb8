using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What the acts of a move are refused for once the maintenance window has ended,
/// whatever they were decided on.</summary>
public sealed class WindowActsTests
{
    private const string Fence = "f1";

    public static TheoryData<string> Holding =>
        [nameof(MigrationAct.QuiesceWorkloads), nameof(MigrationAct.RaiseFence), nameof(MigrationAct.StartCopy),
            nameof(MigrationAct.WriteReceipt)];

    [Theory]
    [MemberData(nameof(Holding))]
    public async Task Nothing_is_held_up_or_verified_outside_of_a_window(string act)
    {
        await using var lookout = await Lookout.StartAsync();
        (await RefusalAsync(lookout, Act(act), open: false)).ShouldBe("WindowNotOpen");
        await lookout.Stores.DidNotReceiveWithAnyArgs().RaiseFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task In_a_window_the_fence_is_raised()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync(spec => Waiting(spec, open: true));
        await executors.Migration.PerformAsync(store, Act(nameof(MigrationAct.RaiseFence)), CancellationToken.None);
        await lookout.Stores.ReceivedWithAnyArgs(1).RaiseFenceAsync(default!, default!, default);
    }

    /// <summary>Readers are on the target: a writer that is let in would be lost, whatever the hour.</summary>
    [Fact]
    public async Task Once_readers_were_switched_a_fence_that_is_gone_is_raised_at_any_time()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        executors.Served("r1");
        var store = await executors.ApplyAsync(spec => Waiting(spec, open: false));
        await executors.Migration.PerformAsync(store, Act(nameof(MigrationAct.RaiseFence)), CancellationToken.None);
        await lookout.Stores.ReceivedWithAnyArgs(1).RaiseFenceAsync(default!, default!, default);
    }

    [Theory]
    [InlineData(true, "FenceInTime")]
    [InlineData(false, null)]
    public async Task A_fence_is_given_up_before_its_time_only_when_the_window_has_ended(bool open, string? refused)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        lookout.Stores.DescribeSharedAsync(default!, default!, default).ReturnsForAnyArgs(
            new SharedDescription(Exists: true, IsVersioned: true, IsEmpty: false, Fence, UnfinishedUploads: 0,
                []) { FencedSince = DateTimeOffset.UtcNow });
        var store = await executors.ApplyAsync(spec => Waiting(spec, open));
        var give = executors.Migration.PerformAsync(store, new MigrationAct.GiveUpFence(Fence), CancellationToken.None);
        if (refused is not null)
        {
            (await Executors.RefusalAsync(() => give)).ShouldBe(refused);
            await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
            return;
        }

        await give;
        await lookout.Stores.ReceivedWithAnyArgs(1).LiftFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task Neither_is_one_that_a_receipt_names_or_behind_which_readers_were_switched()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        var store = await executors.ApplyAsync(spec => Waiting(spec, open: false));
        await executors.ReceiptStandsAsync(store, Fence);
        (await Executors.RefusalAsync(() =>
            executors.Migration.PerformAsync(store, new MigrationAct.GiveUpFence(Fence), CancellationToken.None)))
                .ShouldBe("ReceiptStands");
        executors.Served("r1");
        (await Executors.RefusalAsync(() =>
            executors.Migration.PerformAsync(store, new MigrationAct.GiveUpFence(Fence), CancellationToken.None)))
                .ShouldBe("AlreadyServed");
        await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
    }

    private static MigrationAct Act(string act) => act switch
    {
        nameof(MigrationAct.QuiesceWorkloads) => new MigrationAct.QuiesceWorkloads("spec"),
        nameof(MigrationAct.RaiseFence) => new MigrationAct.RaiseFence("spec"),
        nameof(MigrationAct.StartCopy) => new MigrationAct.StartCopy("delta-1", 1, "bulk-1", Fence),
        _ => new MigrationAct.WriteReceipt("scope", Fence, "delta-1", Replaces: null),
    };

    private static async Task<string> RefusalAsync(Lookout lookout, MigrationAct act, bool open)
    {
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        var store = await executors.ApplyAsync(spec => Waiting(spec, open));
        return await Executors.RefusalAsync(() => executors.Migration.PerformAsync(store, act, CancellationToken.None));
    }

    /// <summary>One that opened an hour ago, or was over then.</summary>
    private static EncryptedStoreSpec Waiting(EncryptedStoreSpec spec, bool open)
    {
        var opened = DateTimeOffset.UtcNow.AddHours(-1);
        return spec with
        {
            Workloads = new WorkloadPolicy
            {
                DuringMigration = WorkloadPolicy.Window,
                Selector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "acme" } },
            },
            Migration = spec.Migration with { FenceTimeout = "10m" },
            MaintenanceWindows =
            [
                new MaintenanceWindow { Schedule = $"{opened.Minute} {opened.Hour} * * *", Duration = open ? "4h"
                    : "20m" },
            ],
        };
    }
}
