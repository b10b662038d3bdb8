using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>What a store's executors refuse at the last moment, on a live look, and what they tell.</summary>
public sealed class StoreActsTests
{
    private static readonly KeyPin other = new(Lookout.Arn, "m2", "d2");

    [Fact]
    public async Task What_only_a_wanted_store_needs_is_refused_once_it_is_gone_being_deleted_or_another()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        var act = new StoreAct.PrepareTarget(store.Metadata.Uid!);
        (await RefusalAsync(lookout, store with { Metadata = store.Metadata with { Uid = "another" } }, act))
            .ShouldBe("NotWanted");
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        (await RefusalAsync(lookout, store, act)).ShouldBe("NotWanted");
        await lookout.Stores.DidNotReceiveWithAnyArgs().PrepareAsync(default!, default);
    }

    [Fact]
    public async Task A_record_does_not_end_while_the_object_stands()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        (await RefusalAsync(lookout, store, new StoreAct.EndRecord(store.Metadata.Uid!))).ShouldBe("StoreStands");
    }

    [Fact]
    public async Task Nothing_is_prepared_or_opened_under_another_key_than_the_pinned_one()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Ours);
        (await RefusalAsync(lookout, store, new StoreAct.AllowTarget("", pin)))
            .ShouldBe("KeyReplaced", "nothing is pinned");
        executors.Pinned(other);
        (await RefusalAsync(lookout, store, new StoreAct.AllowTarget("", pin))).ShouldBe("KeyReplaced");
        executors.Pinned(other with { KeyId = "arn:aws:kms:eu-west-1:222222222222:key/2" });
        (await RefusalAsync(lookout, store, new StoreAct.PrepareTarget(""))).ShouldBe("KeyReplaced");
        await lookout.Stores.DidNotReceiveWithAnyArgs().AllowAsync(default!, default, default);
        await lookout.Stores.DidNotReceiveWithAnyArgs().PrepareAsync(default!, default);
    }

    [Fact]
    public async Task A_place_that_stood_under_a_key_and_is_gone_is_not_made_anew()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Absent);
        await executors.StoreRecords.PutAsync(
            store, new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest), pin.KeyId, CancellationToken.None);
        (await RefusalAsync(lookout, store, new StoreAct.PrepareTarget(""))).ShouldBe("TargetMissing");
        await lookout.Stores.DidNotReceiveWithAnyArgs().PrepareAsync(default!, default);
    }

    [Theory]
    [InlineData(StoreOwnership.Stranger)]
    [InlineData(StoreOwnership.Absent)]
    [InlineData(StoreOwnership.Unmarked)]
    [InlineData(StoreOwnership.Forbidden)]
    public async Task What_is_not_this_store_s_is_neither_pinned_nor_opened(StoreOwnership ownership)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await lookout.ApplyStoreAsync();
        executors.Owned(ownership);
        (await RefusalAsync(lookout, store, new StoreAct.AllowTarget("", pin))).ShouldBe("NameTaken");
        (await RefusalAsync(lookout, store, new StoreAct.PinKey("", pin))).ShouldBe("NameTaken");
        await lookout.Stores.DidNotReceiveWithAnyArgs().AllowAsync(default!, default, default);
        await lookout.Objects.DidNotReceiveWithAnyArgs().WriteMarkAsync(
            default!, default!, default, default!, default, default);
    }

    [Fact]
    public async Task Without_the_typed_confirmation_on_the_live_object_nothing_is_emptied_or_deleted()
    {
        await using var lookout = await Lookout.StartAsync();
        new Executors(lookout).Owned(StoreOwnership.Ours);
        var store = await lookout.ApplyStoreAsync();
        var confirmed = store with
        {
            Spec = store.Spec with { DeletionPolicy = DeletionPolicies.Delete },
            Metadata = store.Metadata with
            {
                DeletionTimestamp = DateTimeOffset.UtcNow,
                Annotations = new Dictionary<string, string> { [Labels.ConfirmDelete] = "store" },
            },
        };
        (await RefusalAsync(lookout, confirmed, new StoreAct.EmptyTarget(""))).ShouldBe("DeletionNotConfirmed");
        (await RefusalAsync(lookout, confirmed, new StoreAct.DeleteTarget(""))).ShouldBe("DeletionNotConfirmed");
        await lookout.Stores.DidNotReceiveWithAnyArgs().DeleteAsync(default!, default);
        await lookout.Objects.DidNotReceiveWithAnyArgs().DeleteVersionsAsync(default!, default!, default);
    }

    [Fact]
    public async Task Readers_are_not_pointed_at_what_the_spec_does_not_say_any_more()
    {
        await using var lookout = await Lookout.StartAsync();
        var pin = await new Executors(lookout).ProveAsync();
        (await RefusalAsync(lookout, await lookout.ApplyStoreAsync(), new StoreAct.Bind("another", pin)))
            .ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task A_record_of_another_place_or_with_what_another_closing_set_aside_is_not_written_over()
    {
        await using var lookout = await Lookout.StartAsync();
        var records = new Executors(lookout).StoreRecords;
        var store = await lookout.ApplyStoreAsync();
        await records.KeepAsideAsync(store, earlier: null, "one", CancellationToken.None);
        (await Executors.RefusalAsync(() =>
            records.KeepAsideAsync(store, earlier: null, "two", CancellationToken.None))).ShouldBe("SetAsideChanged");

        var moved = store with { Spec = store.Spec with { Aws = new AwsStore { Region = "eu-central-1" } } };
        (await Executors.RefusalAsync(() => records.PutAsync(moved, mark: null, "", CancellationToken.None)))
            .ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task A_store_that_was_opened_again_is_seen_to_be_open_in_the_same_reconcile()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Ours);
        executors.Pinned(pin);
        lookout.Stores.AllowAsync(default!, default, default).ReturnsForAnyArgs([]);

        var known = await executors.Stores.PerformAsync(
            store, Worlds.Closed, new StoreAct.AllowTarget("", pin), CancellationToken.None);

        known.ShouldNotBeNull().Target.ForDisplay()!.IsDenied.ShouldBeFalse();
    }

    [Fact]
    public async Task A_clock_on_record_is_neither_set_back_nor_stopped_by_whoever_comes_late()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await lookout.ApplyStoreAsync();
        (await new StoreClocks(lookout.Around).StartUnseenAsync(store, Worlds.Noon, CancellationToken.None))
            .ShouldBeNull("it was put nowhere");
        await executors.StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);

        var later = Worlds.Noon.AddMinutes(1);
        await PerformAsync(lookout, store, new StoreAct.StartUnseenClock(Worlds.Noon));
        (await PerformAsync(lookout, store, new StoreAct.StartUnseenClock(later))).UnseenOnRecord.ShouldBe(Worlds.Noon);
        (await PerformAsync(lookout, store, new StoreAct.StopUnseenClock(later))).UnseenOnRecord.ShouldBe(Worlds.Noon);
        (await PerformAsync(lookout, store, new StoreAct.StopUnseenClock(Worlds.Noon))).UnseenOnRecord.ShouldBeNull();
        (await RecordAsync(lookout, store)).UnseenSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_place_that_is_gone_keeps_its_record_while_that_names_a_grant()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await lookout.ApplyStoreAsync();
        await executors.StoreRecords.GrantAsync(store, new(Lookout.Region, Lookout.Arn), "g1", CancellationToken.None);
        await Lookout.UntilAsync(() => executors.Around.Cluster.RecordOf(store).Trusted is not null);
        executors.Owned(StoreOwnership.Absent);

        await PerformAsync(lookout, store, new StoreAct.Release(store.Metadata.Uid!));

        (await RecordAsync(lookout, store)).Grants.Keys.ShouldBe([Lookout.Arn]);
    }

    [Fact]
    public async Task A_place_that_is_called_after_a_tenant_whom_nobody_knows_any_more_keeps_its_record()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await lookout.ApplyStoreAsync();
        await executors.StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);
        await Lookout.UntilAsync(() => executors.Around.Cluster.RecordOf(store).Trusted is not null);
        executors.Owned(StoreOwnership.Absent);

        await PerformAsync(lookout, store with { Tenant = "" }, new StoreAct.Release(store.Metadata.Uid!));

        (await RecordAsync(lookout, store)).Place.ShouldNotBeNull();
    }

    private static Task<string> RefusalAsync(Lookout lookout, EncryptedStore store, StoreAct act) =>
        Executors.RefusalAsync(
            () => new Executors(lookout).Stores.PerformAsync(store, Worlds.Open, act, CancellationToken.None));

    private static async Task<StoreWorld> PerformAsync(Lookout lookout, EncryptedStore store, StoreAct act) =>
        await new Executors(lookout).Stores.PerformAsync(
            store, Worlds.Open, act, CancellationToken.None) ?? Worlds.Open;

    private static async Task<StoreRecord> RecordAsync(Lookout lookout, EncryptedStore store) =>
        (await new RecordWriter(lookout.Around).ReadAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata), CancellationToken.None)).Trusted.ShouldNotBeNull();
}
