using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud;
using Cloud.Stores;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class StoreObserverTests
{
    [Fact]
    public async Task A_store_that_stands_nowhere_is_absent_and_empty()
    {
        await using var lookout = await Lookout.StartAsync();
        Describes(lookout, StoreOwnership.Absent);
        (await LookAsync(lookout)).Target.ForDisplay()!.Ownership.ShouldBe(StoreOwnership.Absent);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_blind_and_not_absent()
    {
        await using var lookout = await Lookout.StartAsync();
        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        (await LookAsync(lookout)).Target.Blindness.ShouldBe("Unreachable");
    }

    [Fact]
    public async Task Without_a_sight_of_the_target_its_pin_is_blind_too()
    {
        await using var lookout = await Lookout.StartAsync();
        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        (await LookAsync(lookout)).Pin.Blindness.ShouldBe("Unreachable");
    }

    [Fact]
    public async Task Of_a_strangers_bucket_no_mark_is_read()
    {
        await using var lookout = await Lookout.StartAsync();
        Describes(lookout, StoreOwnership.Stranger);
        await LookAsync(lookout);
        await lookout.Objects.DidNotReceiveWithAnyArgs().ReadMarkAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_key_that_nobody_judged_yet_is_blind_and_one_that_is_not_there_is_seen_to_be_gone()
    {
        await using var lookout = await Lookout.StartAsync();
        Describes(lookout, StoreOwnership.Absent);
        var gone = (await LookAsync(lookout)).Key;
        (gone.Blindness, gone.ForDisplay()).ShouldBe((null, null));
        await lookout.ApplyKeyAsync();
        (await LookAsync(lookout)).Key.Blindness.ShouldBe("KeyNotJudgedYet");
    }

    [Fact]
    public async Task A_place_that_is_not_recorded_is_drift()
    {
        await using var lookout = await Lookout.StartAsync();
        Describes(lookout, StoreOwnership.Ours);
        (await LookAsync(lookout)).Target.ForDisplay()!.Drift.ShouldBe(["PlaceNotRecorded"]);
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        Describes(lookout, StoreOwnership.Ours);
        await LookAsync(lookout);
        lookout.Stores.ReceivedCalls().Select(call => call.GetMethodInfo().Name)
            .ShouldBeSubsetOf(
                [nameof(IObjectStores.DescribeAsync), nameof(IObjectStores.ReadPinAsync),
                    nameof(IObjectStores.FindEarlierAsync)]);
        lookout.Objects.ReceivedCalls().Select(call => call.GetMethodInfo().Name)
            .ShouldBeSubsetOf(["ReadMarkAsync", "ListVersionsAsync"]);
    }

    [Fact]
    public async Task
        What_was_begun_and_can_not_be_looked_at_is_unseen_since_the_first_look_whatever_stands_in_the_way()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        var observer = StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours);
        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince
            .ShouldBeNull("nothing was made yet");
        await new StoreRecords(lookout.Around).PutAsync(store, mark: null, "", CancellationToken.None);
        await Until.TrueAsync("the place is recorded",
            () => Task.FromResult(lookout.Around.Cluster.PlaceOf(store) is not null));

        var since = (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince.ShouldNotBeNull();
        (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince.ShouldBe(since);

        Fails(lookout, new CloudProblem.Forbidden("AccessDenied", "no", null));
        (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince.ShouldBe(since);
        Describes(lookout, StoreOwnership.Ours);
        (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_restart_starts_no_clock_anew_and_what_was_seen_since_counts_more_than_the_record()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        var records = new StoreRecords(lookout.Around);
        await records.PutAsync(store, mark: null, "", CancellationToken.None);
        await new StoreClocks(lookout.Around).StartUnseenAsync(store, Worlds.Noon, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.UnseenSince is not null);

        var restarted = StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours);
        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        (await restarted.LookAsync(store, CancellationToken.None)).World.UnseenSince.ShouldBe(Worlds.Noon);
        restarted.Unseen(store).UnseenSince.ShouldBe(Worlds.Noon);

        Describes(lookout, StoreOwnership.Ours);
        var seen = (await restarted.LookAsync(store, CancellationToken.None)).World;
        (seen.UnseenSince, seen.UnseenOnRecord).ShouldBe((null, Worlds.Noon));
        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        var since = (await restarted.LookAsync(store, CancellationToken.None)).World.UnseenSince;
        since.ShouldNotBeNull().ShouldBeGreaterThan(Worlds.Noon, "it was seen since");
    }

    [Fact]
    public async Task Where_the_record_can_not_be_read_the_clock_runs_from_this_process_s_first_look()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        var records = new StoreRecords(lookout.Around);
        await records.PutAsync(store, mark: null, "", CancellationToken.None);
        await new StoreClocks(lookout.Around).StartUnseenAsync(store, Worlds.Noon, CancellationToken.None);
        await lookout.SpoilRecordsAsync("nonsense");

        Fails(lookout, new CloudProblem.Unreachable("Timeout", "no answer"));
        var observer = StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours);
        var since = (await observer.LookAsync(store, CancellationToken.None)).World.UnseenSince;
        since.ShouldNotBeNull().ShouldBeGreaterThan(Worlds.Noon);
    }

    [Fact]
    public async Task A_cloud_that_hangs_does_not_hold_up_taking_away_the_way_to_a_store_whose_key_is_revoked()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var store = await lookout.ApplyStoreAsync();
        var observer = StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours);
        var region = new RegionSnapshot(Lookout.Arn,
            Fact.Seen<KeyJudgement>(new KeyJudgement.Revoked("KeyDisabled", lookout.Around.Time.GetUtcNow())), null);
        lookout.Board.Put(key.Metadata.Key,
            new KeySnapshot(key.Metadata.Uid!, "Active", IsDeleting: false, TimeSpan.FromMinutes(5),
                new Dictionary<string, RegionSnapshot> { [Lookout.Region] = region }));
        lookout.Stores.DescribeAsync(default!, default)
            .ReturnsForAnyArgs(call => HangsAsync(call.Arg<CancellationToken>()));
        await lookout.Kube.Api<ConfigMap>()
            .ApplyAsync(Binding.For(store, Lookout.Arn, receipt: null), "test", CancellationToken.None);

        var world = (await observer.LookAsync(store, CancellationToken.None)).World;
        world.Target.Blindness.ShouldBe("Unreachable");
        ClosingLadder.BindingRemoved(world).ShouldBeOfType<Finding.Lacks>();

        await lookout.Kube.Api<ConfigMap>()
            .DeleteAsync(new ObjectKey(Lookout.Namespace, "store-binding"), null, CancellationToken.None);
        using var patient = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await Should.ThrowAsync<OperationCanceledException>(() => observer.LookAsync(store, patient.Token),
            "nobody finds it any more: there is time to look");
    }

    private static async Task<StoreDescription> HangsAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new System.Diagnostics.UnreachableException();
    }

    private static void Fails(Lookout lookout, CloudProblem problem) =>
        lookout.Stores.DescribeAsync(default!, default)
            .ThrowsAsyncForAnyArgs(new CloudException(problem, "s3:GetBucketTagging"));

    private static void Describes(Lookout lookout, StoreOwnership ownership) =>
        lookout.Stores.DescribeAsync(default!, default)
            .ReturnsForAnyArgs(
                new StoreDescription(ownership, [], IsDenied: false, null, new Dictionary<string, string>(), []));

    private static async Task<StoreWorld> LookAsync(Lookout lookout)
    {
        var store = await lookout.ApplyStoreAsync();
        return (await StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours)
            .LookAsync(store, CancellationToken.None)).World;
    }
}
