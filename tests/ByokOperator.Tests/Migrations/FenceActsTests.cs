using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What giving up a fence refuses, whatever it was decided on.</summary>
public sealed class FenceActsTests
{
    private static readonly MigrationAct.ReleaseWorkloads release = new("s");
    private static readonly MigrationAct.GiveUpFence give = new("f1");
    private static readonly TimeSpan hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_fence_whose_time_is_over_is_lifted_and_the_time_is_noted()
    {
        await using var lookout = await Lookout.StartAsync();
        Stands(lookout, "f1", hour);
        var store = Moving();
        await Acts(lookout).GiveUpAsync(store, give, CancellationToken.None);
        await lookout.Stores.Received(1).LiftFenceAsync(Arg.Any<SharedRef>(), "uid-1", Arg.Any<CancellationToken>());
        var record = await new RecordWriter(lookout.Around).ReadAsync<StoreRecord>(RecordOwner.Of(store.Metadata),
            CancellationToken.None);
        record.Trusted.ShouldNotBeNull().FenceLiftedAt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("f2", 3600, "FenceChanged")]
    [InlineData(null, 3600, "FenceChanged")]
    [InlineData("f1", 3500, "FenceInTime")]
    public async Task Another_fence_or_one_in_its_time_stays(string? stands, int seconds, string reason)
    {
        await using var lookout = await Lookout.StartAsync();
        Stands(lookout, stands, TimeSpan.FromSeconds(seconds));
        (await Should.ThrowAsync<RefusedActException>(() =>
            Acts(lookout).GiveUpAsync(Moving(), give, CancellationToken.None))).Reason.ShouldBe(reason);
        await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task Workloads_stay_held_while_a_fence_stands()
    {
        await using var lookout = await Lookout.StartAsync();
        Stands(lookout, "f1", hour);
        (await Should.ThrowAsync<RefusedActException>(() =>
            Acts(lookout).ReleaseAsync(Moving(), release, CancellationToken.None))).Reason.ShouldBe("FenceStands");
    }

    [Fact]
    public async Task
        A_fence_that_is_still_rising_is_given_up_and_lifted_like_one_that_stands_and_nothing_else_goes_by_it()
    {
        await using var lookout = await Lookout.StartAsync();
        lookout.Stores.DescribeSharedAsync(default!, default!, default).ReturnsForAnyArgs(
            new SharedDescription(Exists: true, IsVersioned: true, IsEmpty: false, Fence: null, UnfinishedUploads: 0,
                [])
            {
                RisingFence = "f1",
                FencedSince = DateTimeOffset.UtcNow - hour,
            });
        var acts = Acts(lookout);
        await acts.GiveUpAsync(Moving(), give, CancellationToken.None);
        await acts.LiftAsync(Moving(), new MigrationAct.LiftFence("f1"), CancellationToken.None);
        await lookout.Stores.ReceivedWithAnyArgs(2).LiftFenceAsync(default!, default!, default);
        (await Should.ThrowAsync<RefusedActException>(() =>
            acts.ReleaseAsync(Moving(), release, CancellationToken.None))).Reason.ShouldBe("FenceStands");
        var route = await acts.RouteAsync(Moving(), release, CancellationToken.None);
        (await Should.ThrowAsync<RefusedActException>(() =>
            acts.DemandAsync(route, "f1", CancellationToken.None))).Reason.ShouldBe("FenceChanged");
    }

    private static void Stands(Lookout lookout, string? fence, TimeSpan since) =>
        lookout.Stores.DescribeSharedAsync(default!, default!, default).ReturnsForAnyArgs(
            new SharedDescription(Exists: true, IsVersioned: true, IsEmpty: false, fence, UnfinishedUploads: 0,
                []) { FencedSince = DateTimeOffset.UtcNow - since });

    private static FenceActs Acts(Lookout lookout)
    {
        var gate = new KeyProofGuard(lookout.Around, new KeyRecords(lookout.Around), lookout.Board);
        return new FenceActs(lookout.Around, new StoreMarks(lookout.Objects, lookout.Stores), gate,
            new BindingActs(lookout.Around, gate), LeadershipFence.Alone());
    }

    private static EncryptedStore Moving() => new()
    {
        Metadata = new Kube.Core.ObjectMeta { Name = "store", Namespace = Lookout.Namespace, Uid = "uid-1" },
        Spec = new EncryptedStoreSpec
        {
            KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
            Aws = new AwsStore { Region = Lookout.Region },
            Shared =
                new SharedLocation { Aws = new AwsSharedLocation { Bucket = "platform-backups", Prefix = "acme/" } },
        },
    };
}
