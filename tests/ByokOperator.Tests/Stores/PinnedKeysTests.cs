using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>Objects of a store may stand under more keys than one: each of them closes it,
/// and none of them alone opens it.</summary>
public sealed class PinnedKeysTests
{
    private const string OldArn = "arn:aws:kms:eu-west-1:222222222222:key/old";

    private static readonly KeyPin old = new(OldArn, "m-old", "d-old");

    private static StoreWorld Both =>
        Worlds.Open with { KeyName = "new", AlsoPinned = [Old(new KeyJudgement.Usable(Worlds.Noon))] };

    public static TheoryData<string> Spoilt { get; } =
        ["revoked", "gone", "replaced", "unjudged too long", "unknown too long"];

    [Fact]
    public void A_store_whose_keys_are_all_usable_is_open()
    {
        StoreVerdict.MustClose(Both).ShouldBeNull();
        StoreLadder.KeyUsableRung.Look(Both).ShouldBe(Finding.Holds.Now);
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void Whatever_becomes_of_one_that_is_not_the_default_s_closes_the_store_and_is_told_by_its_name(string how)
    {
        var (key, reason) = Spoil(how);
        var world = Both with { AlsoPinned = [key] };

        var decision = StoreVerdict.MustClose(world).ShouldNotBeNull();

        (decision.Reason, decision.KeyName, decision.Told).ShouldBe((reason, "old", $"{reason}: old"));
        StorePlan.Choose(world).Name.ShouldBe(StorePlan.Closing);
        StoreLadder.KeyUsableRung.Look(world).ShouldNotBe(Finding.Holds.Now, "it opens again on the same keys only");
    }

    [Fact]
    public void The_default_s_own_key_closes_it_as_ever_and_is_told_by_its_name_too()
    {
        var world = Both with { Key = Worlds.Revoked.Key };
        StoreVerdict.MustClose(world)!.Told.ShouldBe("KeyDisabled: new");
        StorePlan.Choose(world).Name.ShouldBe(StorePlan.Closing);
    }

    [Fact]
    public void A_key_that_can_not_be_asked_is_borne_for_its_own_max_staleness_and_wakes_the_store_when_that_ends()
    {
        var unknown =
            Old(new KeyJudgement.Unknown("Unreachable", Worlds.Noon)) with { MaxStaleness = TimeSpan.FromMinutes(2) };
        var world = Both with
        {
            AlsoPinned =
            [
                unknown with
                {
                    Standing = Standing(new KeyJudgement.Unknown("Unreachable", Worlds.Noon), TimeSpan.FromMinutes(2)),
                },
            ],
        };
        StoreVerdict.MustClose(world).ShouldBeNull();
        StoreVerdict.StaleIn(world).ShouldBe(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        StoreVerdict.MustClose(world with { Now = Worlds.Noon.AddMinutes(3) })!.Told.ShouldBe("UnknownTooLong: old");
    }

    [Fact]
    public async Task
        What_opens_is_refused_while_one_of_the_keys_is_not_the_one_that_objects_stand_under_or_is_not_usable()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await PutAsync(lookout);
        executors.Owned(StoreOwnership.Ours);
        executors.Pinned(pin);

        await PinAsync(lookout, store, new StoreRecordKey("old", "uid-old", StoreRecords.Recorded(old)!));

        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(store, Worlds.Closed, new StoreAct.AllowTarget("", pin),
                CancellationToken.None))).ShouldBe("KeyNotFound");
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(store, Worlds.Closed, new StoreAct.Bind("b", pin), CancellationToken.None)))
                .ShouldBe("KeyNotFound");
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(store, Worlds.Closed, new StoreAct.RestoreGrant(pin),
                CancellationToken.None))).ShouldBe("KeyNotFound");
        await lookout.Stores.DidNotReceiveWithAnyArgs().AllowAsync(default!, default, default);
    }

    [Fact]
    public async Task
        A_restarted_operator_follows_every_key_on_record_and_the_one_that_is_not_there_is_seen_to_be_gone()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        var store = await PutAsync(lookout);
        await PinAsync(lookout, store, new StoreRecordKey("old", "uid-old", StoreRecords.Recorded(old)!));
        Describes(lookout);

        var world = await LookAsync(lookout, store);

        var also = world.AlsoPinned.ShouldHaveSingleItem();
        (also.Name, also.Pin, also.Standing.Blindness, also.Standing.ForDisplay()).ShouldBe(("old", old, null, null));
        StoreVerdict.MustClose(world)!.Told.ShouldBe("KeyMissing: old");
        lookout.Around.Cluster.Inventory.StoresUnder(new ObjectKey(Lookout.Namespace, "old"))
            .ShouldContain(store.Metadata.Key);
        lookout.Around.Cluster.Records.IsNeeded(new ObjectKey(Lookout.Namespace, "old"), "uid-old").ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_whose_object_is_gone_is_closed_by_each_of_its_keys_too()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        var store = await PutAsync(lookout);
        await PinAsync(lookout, store, new StoreRecordKey("old", "uid-old", StoreRecords.Recorded(old)!));
        Describes(lookout);
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Stores.Count == 0);
        var address = lookout.Around.Cluster.Records.AddressOf<StoreRecord>(RecordOwner.Of(store.Metadata));

        var world = await LookAsync(lookout, lookout.Around.Cluster.Inventory.StoreAt(address).ShouldNotBeNull());

        (world.IsRecordedOnly, world.KeyName, world.AlsoPinned.Single().Name).ShouldBe((true, "key", "old"));
        StorePlan.Choose(world).Name.ShouldBe(StorePlan.Closing);
        StoreVerdict.MustClose(world)!.Told.ShouldBe("KeyMissing: old");
        lookout.Around.Cluster.Inventory.StoresUnder(new ObjectKey(Lookout.Namespace, "old")).ShouldContain(address);
    }

    [Fact]
    public async Task Another_key_in_the_spec_leads_nobody_away_from_the_one_that_the_store_was_put_under()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        var store = await PutAsync(lookout);
        Describes(lookout);

        var world = await LookAsync(lookout,
            store with { Spec = store.Spec with { KeyRef = new KeyReference { Name = "other" } } });

        (world.KeyName, world.WantedKey, world.AlsoPinned.Count).ShouldBe(("key", "other", 0));
        StoreVerdict.RegionOf(world)!.KeyId.ShouldBe(Lookout.Arn);
    }

    [Fact]
    public async Task Where_its_record_is_not_authentic_both_the_key_of_the_spec_and_the_key_on_record_close_it()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        var store = await PutAsync(lookout);
        await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(RecordOwner.Of(store.Metadata),
            record => record with { Pin = StoreRecords.Recorded(old) }, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.Pin is not null);
        var text = RecordCodec.TextOf(lookout.Around.Cluster.RecordOf(store).Trusted!);
        await lookout.SpoilRecordsAsync(text + " ");
        Describes(lookout);

        var world = await LookAsync(lookout,
            store with { Spec = store.Spec with { KeyRef = new KeyReference { Name = "other" } } });

        world.KeyName.ShouldBe("other");
        world.AlsoPinned.ShouldHaveSingleItem().Name.ShouldBe("key");
    }

    [Fact]
    public async Task Keys_that_only_the_mark_beside_the_data_names_are_followed_and_written_down()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await PutAsync(lookout);
        executors.Owned(StoreOwnership.Ours);
        Describes(lookout);
        var mark = new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest)
        {
            KeyName = "key",
            Others = [new PinMarkKey("old", OldArn, "m-old", "d-old")],
        };
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), MarkNames.Root + "pin.json", Arg.Any<CancellationToken>())
            .Returns(new Mark(JsonSerializer.SerializeToUtf8Bytes(mark, MarkJson.Default.PinMark), "e"));

        var world = await LookAsync(lookout, store);

        world.AlsoPinned.ShouldHaveSingleItem().Name.ShouldBe("old");
        world.Pin.ForDisplay().ShouldBe(pin);
        StoreVerdict.MustClose(world)!.Told.ShouldBe("KeyMissing: old");
        world.Target.ForDisplay()!.Drift.ShouldContain("PlaceNotRecorded");
        await executors.Stores.PerformAsync(store, Worlds.Open, new StoreAct.PrepareTarget(""), CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.AlsoPinned.Count == 1);
        lookout.Around.Cluster.RecordOf(store).Trusted!.AlsoPinned[0].Pin.ShouldBe(StoreRecords.Recorded(old));
    }

    [Theory]
    [InlineData(OldArn, "d-old")]
    [InlineData(Lookout.Arn, "d")]
    [InlineData("another", "d")]
    public void A_mark_says_of_each_key_which_one_it_is_and_of_a_strange_one_what_it_says_of_the_first(
        string keyId, string digest) =>
        new PinMark(Lookout.Arn, null,
            "d") { Others = [new PinMarkKey("old", OldArn, null, "d-old")] }.For(keyId).CanaryDigest.ShouldBe(digest);

    [Fact]
    public void A_mark_that_somebody_wrote_nonsense_into_names_no_key()
    {
        var mark = JsonSerializer.Deserialize(
            """{"keyName":"../x","others":[{"keyName":null},{"keyName":"a","keyId":null}]}""",
            MarkJson.Default.PinMark)!;
        mark.Named.ShouldBeEmpty();
    }

    private static (PinnedKey Key, string Reason) Spoil(string how) => how switch
    {
        "revoked" => (Old(new KeyJudgement.Revoked("KeyDisabled", Worlds.Noon)), "KeyDisabled"),
        "gone" => (Old(null) with { Standing = Fact.Seen<KeySnapshot?>(null) }, "KeyMissing"),
        "replaced" =>
            (Old(new KeyJudgement.Usable(Worlds.Noon)) with { Pin = old with { MaterialId = "x", CanaryDigest = "x" } },
                "KeyReplaced"),
        "unjudged too long" =>
            (Old(null) with
            {
                Standing = Fact.Blind<KeySnapshot?>("KeyNotJudgedYet"),
                UnjudgedUntil = Worlds.Noon.AddSeconds(-1),
            }, "KeyUnjudgedTooLong"),
        _ => (Old(new KeyJudgement.Unknown("Unreachable", Worlds.Noon.AddHours(-1))), "UnknownTooLong"),
    };

    private static PinnedKey Old(KeyJudgement? judgement) =>
        new("old", old, Standing(judgement, TimeSpan.FromMinutes(15)));

    private static Fact<KeySnapshot?> Standing(KeyJudgement? judgement, TimeSpan timeout) =>
        Fact.Seen<KeySnapshot?>(new KeySnapshot(
            "uid-old", KeyStates.Active, IsDeleting: false, timeout,
            new Dictionary<string, RegionSnapshot>
            {
                ["r"] =
                    new(OldArn, judgement is null ? Fact.Blind<KeyJudgement>("NotJudged") : Fact.Seen(judgement), old),
            }));

    private static async Task<EncryptedStore> PutAsync(Lookout lookout)
    {
        var store = await lookout.ApplyStoreAsync();
        await new StoreRecords(lookout.Around).PutAsync(store, mark: null, "", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is not null);
        return lookout.Around.Cluster.Standing(store);
    }

    private static async Task PinAsync(Lookout lookout, EncryptedStore store, StoreRecordKey key)
    {
        await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(RecordOwner.Of(store.Metadata),
            record => record with { AlsoPinned = [key] }, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.AlsoPinned.Count == 1);
    }

    private static void Describes(Lookout lookout) => lookout.Stores.DescribeAsync(default!, default)
        .ReturnsForAnyArgs(
            new StoreDescription(StoreOwnership.Ours, [], IsDenied: false, Lookout.Arn,
                new Dictionary<string, string>(), []));

    private static async Task<StoreWorld> LookAsync(Lookout lookout, EncryptedStore store) =>
        (await StoreWiring.Observer(lookout.Around, lookout.Board, lookout.Neighbours)
            .LookAsync(store, CancellationToken.None)).World;
}
