using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Returning;

/// <summary>What the executors of a return refuse on a live look,
/// over a real cluster's records and clouds that say what a test wants.</summary>
public sealed class ReturnActsTests : IAsyncLifetime
{
    private const string Consent = "store/key";

    private static readonly SharedDefault byDefault = new(KeyRef.StoreManaged, null, BucketKey: false);
    private static readonly string[] copied = ["acme/a", "acme/b"];
    private static readonly ReturnAct.Begin begin = new(Consent, "h1", byDefault);

    private Lookout lookout = null!;
    private Executors executors = null!;
    private EncryptedStore store = null!;
    private KeyPin pin = null!;
    private SharedDescription place = new(Exists: true, IsVersioned: true, IsEmpty: true, Fence: null,
        UnfinishedUploads: 0, []) { KeepsVersions = true };
    private SharedDescription source =
        new(Exists: true, IsVersioned: true, IsEmpty: false, Fence: "f1", UnfinishedUploads: 0, []);

    public async ValueTask InitializeAsync()
    {
        lookout = await Lookout.StartAsync();
        executors = new Executors(lookout);
        pin = await executors.ProveAsync();
        var applied = await executors.ApplyAsync();
        executors.Owned(StoreOwnership.Ours);
        lookout.Stores.OwnershipAsync(Arg.Is<StoreSpec>(spec => spec.Store.Name == Executors.SharedBucket),
            Arg.Any<CancellationToken>()).Returns(StoreOwnership.Unmarked);
        await executors.StoreRecords.PutAsync(applied, new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest),
            pin.KeyId, CancellationToken.None);
        store = applied;
        await UntilAsync(record => record.Pin is not null);
        lookout.Stores.DescribeAsync(default!, default)
            .ReturnsForAnyArgs(
                new StoreDescription(StoreOwnership.Ours, [], IsDenied: false, Lookout.Arn,
                    new Dictionary<string, string>(), []) { KeepsVersions = true });
        lookout.Stores.SharedDefaultAsync(default!, default).ReturnsForAnyArgs(byDefault);
        lookout.Stores.DescribeSharedAsync(default!, default!, default)
            .ReturnsForAnyArgs(call =>
                call.ArgAt<string>(1).EndsWith("/return", StringComparison.Ordinal) ? place : source);
        await LeaveAsync(Consent);
    }

    public ValueTask DisposeAsync() => lookout.DisposeAsync();

    [Fact]
    public async Task It_begins_behind_a_hold_and_is_written_down_each_time_once()
    {
        (await RefusalAsync(new ReturnAct.HoldPlace(Consent)))
            .ShouldBe("ReturnBegun", "nothing is on record to hold the place for");
        await PerformAsync(new ReturnAct.Intend(Consent), record => record.Return == new StoreReturn(Consent));
        (await RefusalAsync(new ReturnAct.Intend(Consent))).ShouldBe("ReturnChanged", "it is there already");
        await PerformOnceAsync(new ReturnAct.HoldPlace(Consent));
        await lookout.Stores.Received(1)
            .RaiseFenceAsync(new SharedRef(new StoreRef(Lookout.Region, Executors.SharedBucket), Executors.Prefix),
                $"{store.Metadata.Uid}/return", Arg.Any<CancellationToken>());
        (await RefusalAsync(begin)).ShouldBe("SharedPlaceChanged", "the hold is not seen to stand");
        place = place with { Fence = "h1" };
        await PerformAsync(begin,
            record => record.Return is { Hold: "h1", Encryption: KeyRef.StoreManaged, KeyId: null, BegunAt: not null });
        (await RefusalAsync(begin)).ShouldBe("ReturnBegun");
        (await RefusalAsync(new ReturnAct.HoldPlace(Consent))).ShouldBe("ReturnBegun");
    }

    [Fact]
    public async Task What_is_only_to_be_planned_is_not_begun_though_it_is_consented_to()
    {
        await lookout.Kube.Api<EncryptedStore>().PatchMergeAsync(store.Metadata.Key,
            new System.Text.Json.Nodes.JsonObject
            {
                ["spec"] = new System.Text.Json.Nodes.JsonObject
                {
                    ["migration"] = new System.Text.Json.Nodes.JsonObject { ["mode"] = MigrationPolicy.Plan },
                },
            }, CancellationToken.None);
        (await RefusalAsync(new ReturnAct.Intend(Consent))).ShouldBe("ReturnPlanned");
        (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), CancellationToken.None)).Trusted!.Return
            .ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("store/other")]
    [InlineData("other/key")]
    [InlineData("")]
    public async Task Nothing_is_led_on_without_the_very_consent(string? consent)
    {
        await BeginAsync();
        await LeaveAsync(consent);
        foreach (var act in (Act[])[
            new ReturnAct.Intend(Consent), new ReturnAct.HoldPlace(Consent), begin,
            Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)), Back(new MigrationAct.RaiseFence("s")),
            Back(new MigrationAct.QuiesceWorkloads("s")),
            Back(new MigrationAct.WriteReceipt("s", "f1", "delta-1", null)),
            Back(new MigrationAct.MarkServed("r1", "f1"))])
        {
            (await RefusalAsync(act)).ShouldBe("ReturnNotConfirmed", $"{act}");
        }

        await lookout.Stores.DidNotReceiveWithAnyArgs().RaiseFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task Nothing_is_led_on_once_the_spec_names_a_key_again()
    {
        await BeginAsync();
        await NameAsync();
        (await RefusalAsync(begin)).ShouldBe("ReturnNotConfirmed");
        (await RefusalAsync(Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)))).ShouldBe("ReturnNotConfirmed");
    }

    [Fact]
    public async Task Nothing_is_led_on_by_a_key_that_is_not_usable_or_is_another_one()
    {
        await BeginAsync();
        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        (await RefusalAsync(Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)))).ShouldBe("KeyDisabled");
        (await RefusalAsync(Back(new MigrationAct.RetireBatch("r1", "f1", "b")))).ShouldBe("KeyDisabled");
        await ReturnAsync(back => back with { Receipt = "r1", ServedAt = Worlds.Noon });
        (await RefusalAsync(Back(new MigrationAct.ServeTarget("b", "r1")))).ShouldBe("KeyDisabled");
        executors.Answers(KeyVerdict.Usable, "Proved");
        await executors.StoreRecords.ChangeKeysAsync(store,
            record => record with { Pin = record.Pin! with { MaterialId = "another", CanaryDigest = "another" } },
            CancellationToken.None);
        (await RefusalAsync(Back(new MigrationAct.RetireBatch("r1", "f1", "b")))).ShouldBe("KeyReplaced");
    }

    public static TheoryData<string> Unready =>
        ["SharedPlaceMissing", "SharedPlaceNotEmpty", "SharedPlaceKeepsNoVersions", "SharedDefaultUnclear",
            "SharedPlaceUnderTenantKey"];

    [Theory]
    [MemberData(nameof(Unready))]
    public async Task A_place_that_changed_since_it_was_looked_at_is_neither_held_nor_written_to(string reason)
    {
        await PerformAsync(new ReturnAct.Intend(Consent), record => record.Return is not null);
        place = reason switch
        {
            "SharedPlaceMissing" => place with { Exists = false },
            "SharedPlaceNotEmpty" => place with { IsEmpty = false, Fence = "h1" },
            "SharedPlaceKeepsNoVersions" => place with { KeepsVersions = false, Fence = "h1" },
            _ => place with { Fence = "h1" },
        };
        lookout.Stores.SharedDefaultAsync(default!, default).ReturnsForAnyArgs(reason switch
        {
            "SharedDefaultUnclear" => null,
            "SharedPlaceUnderTenantKey" => new SharedDefault("aws:kms", Lookout.Arn, BucketKey: false),
            _ => byDefault,
        });
        (await RefusalAsync(new ReturnAct.HoldPlace(Consent))).ShouldBe(reason);
        (await RefusalAsync(begin)).ShouldBe(reason);
        await lookout.Stores.DidNotReceiveWithAnyArgs().RaiseFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task Another_default_than_the_one_that_was_decided_on_begins_nothing()
    {
        await PerformAsync(new ReturnAct.Intend(Consent), record => record.Return is not null);
        place = place with { Fence = "h1" };
        lookout.Stores.SharedDefaultAsync(default!, default)
            .ReturnsForAnyArgs(
                new SharedDefault("aws:kms", "arn:aws:kms:eu-west-1:111111111111:key/9", BucketKey: true));
        (await RefusalAsync(begin)).ShouldBe("SharedPlaceChanged");
    }

    [Fact]
    public async Task What_lies_beside_the_prefix_has_no_place_to_go_to()
    {
        await PerformAsync(new ReturnAct.Intend(Consent), record => record.Return is not null);
        place = place with { Fence = "h1" };
        Holds("acme/a", "elsewhere/b", ".byok/pin.json");
        (await RefusalAsync(begin)).ShouldBe("WrittenOutsidePrefix");
        Holds("acme", "acme/a");
        (await RefusalAsync(begin)).ShouldBe("WrittenOutsidePrefix");
        Holds("acme/a", "acme/\U0010FFFFa", "acme/\U0010FFFFb", "zoo/b");
        (await RefusalAsync(begin))
            .ShouldBe("WrittenOutsidePrefix", "names that no jump passes over are read one by one");
        Holds("acme/a", "acme/z", "acme/\U0010FFFF", "acme/\U0010FFFFa", ".byok/pin.json", ".byok/\U0010FFFFa");
        await PerformAsync(begin, record => record.Return is { Hold: not null });
        Holds("acme/a", "zoo/b");
        (await RefusalAsync(Back(new MigrationAct.WriteReceipt("s", "f1", "delta-1", null))))
            .ShouldBe("WrittenOutsidePrefix", "it was written meanwhile");
    }

    [Fact]
    public async Task No_copy_is_begun_verified_or_switched_to_once_the_hold_is_another()
    {
        await BeginAsync();
        foreach (var hold in (string?[])[null, "h2"])
        {
            place = place with { Fence = hold };
            foreach (var act
                in (MigrationAct[])[new MigrationAct.StartCopy("bulk-1", 1, null, null),
                    new MigrationAct.WriteReceipt("s", "f1", "delta-1", null), new MigrationAct.MarkServed("r1", "f1")])
            {
                (await RefusalAsync(Back(act))).ShouldBe("SharedPlaceNotHeld");
            }
        }
    }

    [Fact]
    public async Task Without_a_return_on_record_none_of_its_moves_is_made()
    {
        (await RefusalAsync(Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)))).ShouldBe("ReturnNotBegun");
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("ReturnWanted");
        await NameAsync();
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("ReturnNotBegun");
        (await RefusalAsync(new ReturnAct.DeleteStore("r1"))).ShouldBe("NotRetired");
    }

    [Fact]
    public async Task A_copy_is_ordered_under_what_the_place_encrypts_by_and_keeps_its_marks_in_the_store()
    {
        await BeginAsync();
        await PerformOnceAsync(Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)));
        var job = (await lookout.Kube.Api<Job>()
            .ListPageAsync(new Selection(lookout.Around.Options.Namespace, $"{Labels.StoreUid}={store.Metadata.Uid}"),
                null, CancellationToken.None)).Items.ShouldHaveSingleItem();
        var arguments = string.Join(' ', job.Spec!.Template!.Spec!.Containers![0].Args!);
        arguments.ShouldStartWith(
            $"copy --source {Lookout.Region}/acme --prefix={Executors.Prefix} --target "
                + $"{Lookout.Region}/{Executors.SharedBucket} --key {KeyRef.StoreManaged} --run bulk-1");
        arguments.ShouldContain($"--return h1 --marks-key {Lookout.Arn}");
    }

    [Fact]
    public async Task What_was_copied_goes_only_behind_its_own_hold_while_no_copy_runs_and_nobody_wants_it()
    {
        await BeginAsync();
        place = place with { IsEmpty = false };
        SharedHolds(copied);
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("ReturnWanted");
        (await RefusalAsync(new ReturnAct.GiveUp(Consent))).ShouldBe("ReturnWanted");
        (await RefusalAsync(new ReturnAct.ReleasePlace("h1"))).ShouldBe("ReturnWanted");
        await NameAsync();
        (await RefusalAsync(new ReturnAct.ClearPlace("h2"))).ShouldBe("ReturnNotBegun");
        (await RefusalAsync(new ReturnAct.ReleasePlace("h2"))).ShouldBe("FenceChanged");
        (await RefusalAsync(new ReturnAct.ReleasePlace("h1"))).ShouldBe("CopiesStand");
        (await RefusalAsync(new ReturnAct.GiveUp(Consent))).ShouldBe("HoldStands");
        place = place with { Fence = "h2" };
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("SharedPlaceNotHeld");
        place = place with { Fence = "h1" };
        var job = await JobAsync();
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("CopyRunning");
        await lookout.Kube.Api<Job>().DeleteAsync(job, null, CancellationToken.None);
        await lookout.Objects.DidNotReceiveWithAnyArgs().DeleteVersionsAsync(default!, default!, default);

        await PerformOnceAsync(new ReturnAct.ClearPlace("h1"));
        await lookout.Objects.Received(1).DeleteVersionsAsync(
            new StoreRef(Lookout.Region, Executors.SharedBucket),
            Arg.Is<IReadOnlyList<ObjectVersion>>(gone => gone.Select(one => one.Key).SequenceEqual(copied)),
            Arg.Any<CancellationToken>());
        place = place with { IsEmpty = true };
        await PerformOnceAsync(new ReturnAct.ReleasePlace("h1"));
        await lookout.Stores.Received(1)
            .LiftFenceAsync(Arg.Any<SharedRef>(), $"{store.Metadata.Uid}/return", Arg.Any<CancellationToken>());
        place = place with { Fence = null };
        (await RefusalAsync(new ReturnAct.GiveUp("another"))).ShouldBe("HoldStands");
        await PerformAsync(new ReturnAct.GiveUp(Consent), record => record.Return is null);
    }

    [Fact]
    public async Task Once_readers_were_switched_nothing_is_taken_back_and_nothing_is_copied_again()
    {
        await BeginAsync();
        await ReturnAsync(back => back with { Receipt = "r1", ServedAt = Worlds.Noon });
        (await RefusalAsync(Back(new MigrationAct.StartCopy("bulk-1", 1, null, null)))).ShouldBe("AlreadyServed");
        (await RefusalAsync(Back(new MigrationAct.GiveUpFence("f1")))).ShouldBe("AlreadyServed");
        (await RefusalAsync(Back(new MigrationAct.ServeTarget("b", "another")))).ShouldBe("NotServed");
        (await RefusalAsync(Back(new MigrationAct.ServeTarget("b", "r1")))).ShouldBe("SpecChanged");
        await NameAsync();
        (await RefusalAsync(new ReturnAct.ClearPlace("h1"))).ShouldBe("ReturnNotBegun");
        (await RefusalAsync(new ReturnAct.GiveUp(Consent))).ShouldBe("HoldStands");
        await PerformOnceAsync(new ReturnAct.ReleasePlace("h1"));
        (await RefusalAsync(new ReturnAct.DeleteStore("r1"))).ShouldBe("NotRetired");
    }

    [Fact]
    public async Task At_the_switch_the_mark_that_calls_the_store_served_goes_before_the_hold_does()
    {
        await BeginAsync();
        await ReturnAsync(back => back with { Receipt = "r1", ServedAt = Worlds.Noon });
        Holds(".byok/pin.json", ".byok/served.json", "acme/a");
        await PerformOnceAsync(Back(new MigrationAct.ServeTarget(Binding.SharedHash(store)!, "r1")));
        await lookout.Objects.Received(1).DeleteVersionsAsync(
            new StoreRef(Lookout.Region, "acme"),
            Arg.Is<IReadOnlyList<ObjectVersion>>(gone => gone.Single().Key == ".byok/served.json"),
            Arg.Any<CancellationToken>());
        await lookout.Stores.Received(1)
            .LiftFenceAsync(Arg.Any<SharedRef>(), $"{store.Metadata.Uid}/return", Arg.Any<CancellationToken>());
        var binding = await lookout.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(Lookout.Namespace, StoreNames.Binding(store)), CancellationToken.None);
        (binding.Data!["bucket"], binding.Data["key"],
            binding.Metadata.Annotations![Binding.ReceiptAnnotation]).ShouldBe((Executors.SharedBucket, "", "r1"));
        binding.Metadata.OwnerReferences.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_store_ends_with_its_marks_and_with_nothing_else_in_it()
    {
        await BeginAsync();
        await ReturnAsync(back => back with { Receipt = "r1", ServedAt = Worlds.Noon, RetiredAt = Worlds.Noon });
        (await RefusalAsync(new ReturnAct.DeleteStore("r2"))).ShouldBe("NotRetired");
        Holds(".byok/pin.json", "acme/late");
        (await RefusalAsync(new ReturnAct.DeleteStore("r1"))).ShouldBe("WrittenToStore");
        await lookout.Stores.DidNotReceiveWithAnyArgs().DeleteAsync(default!, default);
        await lookout.Objects.DidNotReceiveWithAnyArgs().DeleteVersionsAsync(default!, default!, default);
        Holds(".byok/pin.json", ".byok/receipt.json");
        lookout.Stores.When(stores => stores.DeleteAsync(Arg.Any<StoreSpec>(), Arg.Any<CancellationToken>()))
            .Do(_ => executors.Owned(StoreOwnership.Absent));
        await PerformOnceAsync(new ReturnAct.DeleteStore("r1"));
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store) is Recorded<StoreRecord>.Absent);
        (await RefusalAsync(new ReturnAct.DeleteStore("r1")))
            .ShouldBe("RecordNotAuthentic", "there is no record any more, and nothing to end");
    }

    [Theory]
    [InlineData(StoreOwnership.Stranger)]
    [InlineData(StoreOwnership.Unmarked)]
    [InlineData(StoreOwnership.Earlier)]
    [InlineData(StoreOwnership.Forbidden)]
    public async Task A_store_that_bears_its_tag_no_more_is_left_alone_and_stays_on_record(StoreOwnership found)
    {
        await BeginAsync();
        await ReturnAsync(back => back with { Receipt = "r1", ServedAt = Worlds.Noon, RetiredAt = Worlds.Noon });
        executors.Owned(found);
        (await RefusalAsync(new ReturnAct.DeleteStore("r1"))).ShouldBe("NameTaken");
        await lookout.Stores.DidNotReceiveWithAnyArgs().DeleteAsync(default!, default);
        lookout.Around.Cluster.RecordOf(store).ShouldBeOfType<Recorded<StoreRecord>.Authentic>();
    }

    [Fact]
    public async Task A_record_that_nobody_pinned_a_key_on_leads_nothing_back()
    {
        await executors.StoreRecords.ChangeKeysAsync(store, record => record with { Return = new StoreReturn(Consent) },
            CancellationToken.None);
        await UntilAsync(record => record.Return is not null);
        var unpinned = await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), CancellationToken.None);
        await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(RecordOwner.Of(store.Metadata),
            record => record with { Pin = null }, CancellationToken.None);
        (await RefusalAsync(new ReturnAct.HoldPlace(Consent))).ShouldBe("PinMissing");
        unpinned.Trusted!.Pin.ShouldNotBeNull();
    }

    private static MigrationAct Back(MigrationAct act) => act with { IsReturn = true };

    private async Task BeginAsync()
    {
        await PerformAsync(new ReturnAct.Intend(Consent), record => record.Return is not null);
        place = place with { Fence = "h1" };
        await PerformAsync(begin, record => record.Return is { Hold: not null });
        lookout.Stores.ClearReceivedCalls();
    }

    private async Task ReturnAsync(Func<StoreReturn, StoreReturn> change)
    {
        await executors.StoreRecords.ChangeKeysAsync(store, record => record with { Return = change(record.Return!) },
            CancellationToken.None);
        await UntilAsync(record => record.Return is { ServedAt: not null });
    }

    private Task LeaveAsync(string? consent) =>
        ApplyAsync(key: null, consent is null ? null
            : new Dictionary<string, string> { [Labels.ConfirmReturn] = consent });

    private Task NameAsync() =>
        ApplyAsync(new ByokOperator.Api.KeyReference { Name = "key" },
            new Dictionary<string, string> { [Labels.ConfirmReturn] = Consent });

    private async Task ApplyAsync(ByokOperator.Api.KeyReference? key, Dictionary<string, string>? annotations)
    {
        await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new() { Name = "store", Namespace = Lookout.Namespace, Annotations = annotations },
                Spec = store.Spec with { KeyRef = key },
            }, "test", CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Stores.Find(store.Metadata.Key) is { } seen && seen.Spec.KeyRef?.Name == key?.Name
                && seen.Metadata.Annotations?.GetValueOrDefault(Labels.ConfirmReturn)
                    == annotations?.GetValueOrDefault(Labels.ConfirmReturn));
    }

    private async Task<ObjectKey> JobAsync() => (await lookout.Kube.Api<Job>().CreateAsync(
        new Job
        {
            Metadata = new ObjectMeta
            {
                Name = "copy",
                Namespace = lookout.Around.Options.Namespace,
                Labels = new Dictionary<string, string> { [Labels.StoreUid] = store.Metadata.Uid! },
            },
        },
        CancellationToken.None, "test")).Metadata.Key;

    private void Holds(params string[] keys) => Lists("acme", keys);

    private void SharedHolds(params string[] keys) => Lists(Executors.SharedBucket, keys);

    private void Lists(string bucket, string[] keys) =>
        lookout.Objects.ListVersionsAsync(Arg.Is<StoreRef>(one => one.Name == bucket), Arg.Any<string>(),
            Arg.Any<string?>(), Arg.Any<CancellationToken>())
            .Returns(call => keys.Order(StringComparer.Ordinal)
                .Where(key =>
                    key.StartsWith(call.ArgAt<string>(1), StringComparison.Ordinal)
                        && (call.ArgAt<string?>(2) is not { } after || string.CompareOrdinal(key, after) > 0))
                .Select(key =>
                    new ObjectVersion(key, "v1", "e", 1, Worlds.Noon, IsDeleteMarker: false, IsLatest: true,
                        StorageClass: null)).ToAsyncEnumerable());

    private Task<StoreWorld?> PerformOnceAsync(Act act) =>
        executors.Stores.PerformAsync(
            lookout.Around.Cluster.Standing(lookout.Around.Cluster.Stores.Find(store.Metadata.Key)!), Worlds.Open, act,
            CancellationToken.None);

    private async Task PerformAsync(Act act, Func<StoreRecord, bool> until)
    {
        await PerformOnceAsync(act);
        await UntilAsync(until);
    }

    private Task<string> RefusalAsync(Act act) => Executors.RefusalAsync(() => PerformOnceAsync(act));

    private Task UntilAsync(Func<StoreRecord, bool> holds) =>
        Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is { } record && holds(record));
}
