using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Stores;
using Cloud.Keys;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.NextBuckets;

/// <summary>What the executors of a move to the next bucket refuse on a live look,
/// over a real cluster's records and clouds that say what a test wants.</summary>
public sealed class NextActsTests : IAsyncLifetime
{
    private const string Second = "arn:aws:kms:eu-west-1:222222222222:key/2";

    private Lookout lookout = null!;
    private Executors executors = null!;
    private EncryptedStore store = null!;
    private KeyPin pin = null!;
    private KeyPin second = null!;

    /// <summary>Pinned under the first key, with the second one named and pinned,
    /// and nothing done with it yet.</summary>
    public async ValueTask InitializeAsync()
    {
        lookout = await Lookout.StartAsync();
        executors = new Executors(lookout);
        (pin, second) = (await executors.ProveAsync(), await executors.SecondAsync("second", Second));
        var applied = await executors.ApplyAsync(spec => spec with
        {
            Aws = new AwsStore { Region = Lookout.Region }, Shared = null,
        });
        executors.Owned(StoreOwnership.Ours);
        store = lookout.Around.Cluster.Standing(applied);
        await executors.StoreRecords.PutAsync(store, new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest),
            pin.KeyId, CancellationToken.None);
        await UntilAsync(record => record.Pin is not null);
        var owner = lookout.Around.Cluster.Keys.List().First(key => key.Metadata.Name == "second").Metadata.Uid!;
        await RecordAsync(record => record with
        {
            AlsoPinned = [new("second", owner, StoreRecords.Recorded(second)!) { Stage = PinStages.Pinned }],
        });
        executors.Pinned(second);
        await NameAsync("second");
    }

    public ValueTask DisposeAsync() => lookout.DisposeAsync();

    [Fact]
    public async Task It_is_written_down_once_by_the_first_number_under_which_nothing_stands()
    {
        (await RefusalAsync(On(new MigrationAct.LiftFence("f1")))).ShouldBe("MoveNotBegun");
        (await RefusalAsync(new NextAct.Intend("second"))).ShouldBe("NameTaken", "its own stands there unrecorded");
        executors.Owned(StoreOwnership.Stranger);
        (await RefusalAsync(new NextAct.Intend("second"))).ShouldBe("NameTaken", "all ten names are taken");
        lookout.Stores.OwnershipAsync(Arg.Is<StoreSpec>(spec => spec.Store.Name.EndsWith("-4")),
            Arg.Any<CancellationToken>()).Returns(StoreOwnership.Absent);
        (await RefusalAsync(new NextAct.Intend("third"))).ShouldBe("ChangeUnderWay");
        await PerformAsync(new NextAct.Intend("second"),
            record => record.Other
                is { Number: 4, KeyName: "second", KeyId: Second, BegunAt: not null, ServedAt: null });
        (await RefusalAsync(new NextAct.Intend("second"))).ShouldBe("MoveChanged", "it is there already");
    }

    [Fact]
    public async Task Nothing_is_led_on_once_the_spec_names_the_first_key_again_and_nothing_is_taken_back_before()
    {
        await BegunAsync();
        (await RefusalAsync(new NextAct.DeleteOther(2))).ShouldBe("MoveWanted");
        (await RefusalAsync(new NextAct.GiveUp(2))).ShouldBe("MoveWanted");
        await NameAsync("key");
        foreach (var act in (Act[])[
            new NextAct.Intend("second"), new NextAct.Prepare(2),
            On(new MigrationAct.StartCopy("bulk-1", 1, null, null)), On(new MigrationAct.RaiseFence("s")),
            On(new MigrationAct.QuiesceWorkloads("s")),
            On(new MigrationAct.WriteReceipt("s", "f1", "delta-1", null)), On(new MigrationAct.MarkServed("r1", "f1"))])
        {
            (await RefusalAsync(act)).ShouldBe("SpecChanged", $"{act}");
        }

        (await RefusalAsync(new NextAct.GiveUp(2))).ShouldBe("NextBucketStands");
        executors.Owned(StoreOwnership.Stranger);
        (await RefusalAsync(new NextAct.DeleteOther(2))).ShouldBe("NameTaken");
        lookout.Stores.OwnershipAsync(Arg.Is<StoreSpec>(spec => spec.Store.Name.EndsWith("-2")),
            Arg.Any<CancellationToken>()).Returns(StoreOwnership.Ours);
        (await RefusalAsync(new NextAct.DeleteOther(2))).ShouldBe("TargetMissing", "the copy may be all that is left");
        executors.Owned(StoreOwnership.Absent);
        await PerformAsync(new NextAct.GiveUp(2), record => record.Other is null);
    }

    [Fact]
    public async Task Nothing_is_led_on_by_a_key_that_is_not_usable_and_no_act_counts_for_another_bucket()
    {
        await BegunAsync();
        foreach (var act in (Act[])[
            new NextAct.Prepare(3), new NextAct.AllowOther(3), new NextAct.DeleteOther(3), new NextAct.GiveUp(3)])
        {
            (await RefusalAsync(act)).ShouldBe("MoveChanged", $"{act}");
        }

        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        foreach (var act in (Act[])[
            new NextAct.Intend("second"), new NextAct.Prepare(2), new NextAct.AllowOther(2),
            On(new MigrationAct.StartCopy("bulk-1", 1, null, null)), On(new MigrationAct.MarkServed("r1", "f1"))])
        {
            (await RefusalAsync(act)).ShouldBe("KeyDisabled", $"{act}");
        }

        await lookout.Stores.DidNotReceiveWithAnyArgs().PrepareAsync(default!, default);
        await lookout.Stores.DidNotReceiveWithAnyArgs().AllowAsync(default!, default, default);
    }

    [Fact]
    public async Task After_the_switch_nothing_is_copied_or_taken_back_and_the_old_bucket_goes_by_its_receipt_alone()
    {
        await BegunAsync();
        var next = (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), CancellationToken.None))
            .Trusted!.Other!;
        await RecordAsync(record =>
            StoreBuckets.Switched(record, next, new ServedMark("r1", Worlds.Noon)));
        (await RefusalAsync(On(new MigrationAct.LiftFence("f1")))).ShouldBe("MoveChanged", "it was decided before");
        store = lookout.Around.Cluster.Standing(store);
        (store.Number, store.Spec.KeyRef!.Name).ShouldBe((2, "second"));
        (await RefusalAsync(On(new MigrationAct.StartCopy("bulk-1", 1, null, null)))).ShouldBe("AlreadyServed");
        (await RefusalAsync(new NextAct.GiveUp(1))).ShouldBe("MoveServed");
        (await RefusalAsync(new NextAct.DeleteOther(1))).ShouldBe("DeletionNotConfirmed");
        (await RefusalAsync(new NextAct.Finish("r1"))).ShouldBe("NotRetired");
        await RecordAsync(record => record with { Other = record.Other! with { RetiredAt = Worlds.Noon } });
        (await RefusalAsync(new NextAct.Finish("r2"))).ShouldBe("NotRetired");
        executors.Owned(StoreOwnership.Stranger);
        (await RefusalAsync(new NextAct.Finish("r1"))).ShouldBe("NameTaken");
        executors.Owned(StoreOwnership.Absent);
        await PerformAsync(new NextAct.Finish("r1"), record => record is { Other: null, AlsoPinned: [], Number: 2 });
    }

    [Fact]
    public async Task The_overlap_begins_once_the_binding_leads_on_however_long_ago_the_switch_came_on_record()
    {
        await BegunAsync();
        var next = (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), CancellationToken.None))
            .Trusted!.Other!;
        await RecordAsync(record => StoreBuckets.Switched(record, next, new ServedMark("r1", Worlds.Noon)));
        store = lookout.Around.Cluster.Standing(store);
        await PerformAsync(On(new MigrationAct.ServeTarget(Binding.ExpectedHash(store, Second), "r1")),
            record => record.Other is { Receipt: "r1" } left && left.ServedAt > Worlds.Noon);
    }

    private static MigrationAct On(MigrationAct act) => act with { IsNext = true };

    private async Task BegunAsync()
    {
        executors.Owned(StoreOwnership.Absent);
        await PerformAsync(new NextAct.Intend("second"), record => record.Other is { Number: 2 });
        executors.Owned(StoreOwnership.Ours);
    }

    private async Task NameAsync(string key)
    {
        await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new() { Name = "store", Namespace = Lookout.Namespace },
                Spec = store.Spec with { KeyRef = new ByokOperator.Api.KeyReference { Name = key } },
            }, "test", CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Stores.Find(store.Metadata.Key)?.Spec.KeyRef?.Name == key);
    }

    private async Task RecordAsync(Func<StoreRecord, StoreRecord> edit)
    {
        StoreRecord? wanted = null;
        await executors.StoreRecords.ChangeKeysAsync(store, record => wanted = edit(record), CancellationToken.None);
        await UntilAsync(record =>
            record.Number == wanted!.Number && StoreBuckets.IsSame(record.Other, wanted.Other)
                && record.AlsoPinned.Count == wanted.AlsoPinned.Count);
    }

    private Task PerformOnceAsync(Act act) => act switch
    {
        NextAct next => executors.Next.PerformAsync(store, next, CancellationToken.None),
        MigrationAct move => executors.Migration.PerformAsync(store, move, CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private async Task PerformAsync(Act act, Func<StoreRecord, bool> until)
    {
        await PerformOnceAsync(act);
        await UntilAsync(until);
    }

    private Task<string> RefusalAsync(Act act) => Executors.RefusalAsync(() => PerformOnceAsync(act));

    private Task UntilAsync(Func<StoreRecord, bool> holds) =>
        Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is { } record && holds(record));
}
