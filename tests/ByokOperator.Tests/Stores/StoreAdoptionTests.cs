using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>The executor that takes an earlier store's place back: each of its refusals,
/// and what stands afterwards.</summary>
public sealed class StoreAdoptionTests
{
    private const string Lost = "9d4b3c1e-8a44-4d0e-8a8b-2f60a1c5e001";
    private const string PinName = MarkNames.Root + "pin.json";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task With_consent_and_proof_record_tag_and_pin_are_the_new_stores_and_the_old_record_goes()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true);
        Stands(lookout, Marked(pin, store));

        await AdoptAsync(executors, lookout, store);

        var record = (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), None)).Trusted
            .ShouldNotBeNull();
        (record.Origin, record.IsTakenBack, record.Target, record.Pin!.CanaryDigest,
            record.SetAside).ShouldBe((Lost, true, "acme", pin.CanaryDigest, "{}"));
        (await executors.StoreRecords.ReadAsync(Left, None)).ShouldBeOfType<Recorded<StoreRecord>.Absent>();
        await lookout.Stores.Received(1).AdoptAsync(
            Arg.Is<StoreSpec>(spec =>
                spec.Owner == store.Metadata.Uid && spec.Takes == Lost
                    && spec.Names == new StoreOwner(Lookout.Namespace, Lookout.Namespace, "store", Lost)),
                        Arg.Any<CancellationToken>());
        var written = Written(lookout).ShouldNotBeNull();
        (written.Uid, written.Canary!.KeyId).ShouldBe((store.Metadata.Uid, Lookout.Arn));
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is { IsTakenBack: true });
        lookout.Around.Cluster.TakeoverOf(store).ShouldBeNull();
    }

    [Fact]
    public async Task Without_consent_nothing_is_touched()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true, consent: null);
        Stands(lookout, Marked(pin, store));
        (await RefusedAsync(executors, lookout, store)).ShouldBe("AdoptionNeeded");
    }

    [Fact]
    public async Task A_consent_that_was_taken_away_since_the_decision_counts_no_more()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, Marked(pin, store));
        var decided = lookout.Around.Cluster.Standing(store);
        await lookout.StopWatchingAsync();
        await GiveAsync(lookout, consent: null, awaited: false);
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(decided, Worlds.Open, new StoreAct.Adopt(store.Metadata.Uid!, Lost), None)))
                .ShouldBe("AdoptionNeeded");
        await NothingChangedAsync(executors, lookout, store);
    }

    [Theory]
    [InlineData(StoreOwnership.Stranger)]
    [InlineData(StoreOwnership.Absent)]
    [InlineData(StoreOwnership.Unmarked)]
    [InlineData(StoreOwnership.Forbidden)]
    public async Task A_place_that_is_not_an_earlier_objects_of_these_names_is_nothing_to_adopt(
        StoreOwnership ownership)
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, Marked(pin, store), ownership);
        (await RefusedAsync(executors, lookout, store)).ShouldBe("NothingToAdopt");
    }

    [Theory]
    [InlineData(KeyVerdict.Revoked, "KeyDisabled", "KeyDisabled")]
    [InlineData(KeyVerdict.Unknown, "Unreachable", "Unreachable")]
    [InlineData(KeyVerdict.Revoked, "KeyReplaced", "KeyReplaced")]
    public async Task A_key_that_does_not_prove_itself_on_the_canary_beside_the_data_takes_nothing(
        KeyVerdict verdict, string reason, string refusal)
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true);
        var marked = Marked(pin, store);
        Stands(lookout, marked);
        lookout.Keys.ProveAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(call =>
                new KeyProof(call.Arg<Canary>().Ciphertext.Span.SequenceEqual(OtherCanary) ? verdict
                    : KeyVerdict.Usable, reason, "", null, [], []));
        (await RefusedAsync(executors, lookout, store)).ShouldBe(refusal);
    }

    [Fact]
    public async Task A_pin_without_a_canary_counts_by_what_it_says()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, new PinMark(pin.KeyId, "another material", "another canary"));
        (await RefusedAsync(executors, lookout, store)).ShouldBe("KeyReplaced");
        Stands(lookout, new PinMark(pin.KeyId, pin.MaterialId, "another canary"));
        await AdoptAsync(executors, lookout, store);
    }

    [Fact]
    public async Task A_pin_of_another_key_or_of_another_stores_names_takes_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, Marked(pin, store) with { KeyId = pin.KeyId + "2" });
        (await RefusedAsync(executors, lookout, store)).ShouldBe("KeyReplaced");
        Stands(lookout, Marked(pin, store) with { Name = "other" });
        (await RefusedAsync(executors, lookout, store)).ShouldBe("NothingToAdopt");
    }

    [Fact]
    public async Task What_holds_data_and_no_pin_takes_nothing_and_what_is_empty_is_taken()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, _) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, pin: null);
        lookout.Objects.ListVersionsAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(_ =>
                new[]
                {
                    new ObjectVersion("a", null, "e", 1, default, IsDeleteMarker: false, IsLatest: true, "STANDARD"),
                }.ToAsyncEnumerable());
        (await RefusedAsync(executors, lookout, store)).ShouldBe("PinMissing");
        lookout.Objects.ListVersionsAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(_ => AsyncEnumerable.Empty<ObjectVersion>());
        await AdoptAsync(executors, lookout, store);
    }

    [Fact]
    public async Task A_record_that_was_not_signed_here_takes_nothing_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true);
        Stands(lookout, Marked(pin, store));
        await SpoilAsync(lookout);
        lookout.Around.Cluster.TakeoverOf(store)!.Fault!.Reason.ShouldBe("RecordNotAuthentic");
        (await RefusedAsync(executors, lookout, store, isRecordKept: true)).ShouldBe("RecordNotAuthentic");
    }

    [Fact]
    public async Task A_crash_after_the_tag_was_written_is_continued()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true);
        Stands(lookout, Marked(pin, store));
        lookout.Objects.WriteMarkAsync(default!, default!, default, default!, default, default)
            .ThrowsAsyncForAnyArgs(new CloudException(new CloudProblem.Unreachable("Timeout", "lost"), "s3"));
        await Should.ThrowAsync<CloudException>(() => AdoptAsync(executors, lookout, store));
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is not null);
        lookout.Around.Cluster.TakeoverOf(store).ShouldNotBeNull("it is not done").IsConsented.ShouldBeTrue();

        Stands(lookout, Marked(pin, store), StoreOwnership.Ours);
        lookout.Objects.WriteMarkAsync(default!, default!, default, default!, default, default).ReturnsForAnyArgs("e2");
        await AdoptAsync(executors, lookout, store);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.TakeoverOf(store) is null);
    }

    [Fact]
    public async Task A_place_of_the_same_names_that_nobody_recorded_keeps_a_new_one_from_being_made()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, _) = await RestoredAsync(lookout, withRecord: false, consent: null);
        lookout.Stores.OwnershipAsync(default!, default).ReturnsForAnyArgs(StoreOwnership.Absent);
        lookout.Stores.FindEarlierAsync(default!, default!, default)
            .ReturnsForAnyArgs([new EarlierStore("byok-somewhere", "eu-central-1", Lost)]);
        var refused = await Should.ThrowAsync<ByokOperator.Reconciling.RefusedActException>(
            () =>
                executors.Stores.PerformAsync(lookout.Around.Cluster.Standing(store), Worlds.Open,
                    new StoreAct.PrepareTarget(store.Metadata.Uid!), None));
        (refused.Reason, refused.NeedsPerson).ShouldBe(("AdoptionNeeded", true));
        refused.Message.ShouldContain(
            $"{{namespace: {Lookout.Namespace}, store: store, uid: {Lost}}} to spec.adopt of Tenant "
                + $"{Lookout.Namespace}");
        refused.Message.ShouldEndWith("it is bucket byok-somewhere in eu-central-1");
        await lookout.Stores.DidNotReceiveWithAnyArgs().PrepareAsync(default!, default);
    }

    [Fact]
    public async Task Another_place_than_this_was_decided_for_is_not_taken_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: false);
        Stands(lookout, Marked(pin, store));
        var other = lookout.Around.Cluster.Standing(store) with { Origin = "another" };
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(other, Worlds.Open, new StoreAct.Adopt(store.Metadata.Uid!, Lost), None)))
                .ShouldBe("AdoptionChanged");
        await NothingChangedAsync(executors, lookout, store);
    }

    [Fact]
    public async Task Nothing_is_taken_back_while_a_copy_of_the_earlier_store_stands()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, pin) = await RestoredAsync(lookout, withRecord: true);
        Stands(lookout, Marked(pin, store));
        var job = new Job
        {
            Metadata = new ObjectMeta
            {
                Name = "copy",
                Namespace = lookout.Around.Options.Namespace,
                Labels = new Dictionary<string, string> { [Labels.StoreUid] = Lost },
            },
        };
        await lookout.Kube.Api<Job>().CreateAsync(job, None, "test");
        (await RefusedAsync(executors, lookout, store, isRecordKept: true))
            .ShouldBe("CopiesStand", "it would write old data over new");
    }

    [Fact]
    public async Task What_a_closing_sets_aside_before_the_place_is_taken_back_is_told_to_be_lost_sight_of()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, _) = await RestoredAsync(lookout, withRecord: true);
        lookout.Stores.DenyAsync(default!, default!, default)
            .ReturnsForAnyArgs(new DenialOutcome("{}", IsKept: false, "MalformedPolicy"));
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(lookout.Around.Cluster.Standing(store), Worlds.Revoked,
                new StoreAct.DenyTarget(store.Metadata.Uid!), None)))
            .ShouldBe("SetAsideNotKept", "it is shut, and this store has no record yet to keep anything in");
        await lookout.Stores.ReceivedWithAnyArgs(1).DenyAsync(default!, default!, default);
        (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), None))
            .ShouldBeOfType<Recorded<StoreRecord>.Absent>();
    }

    private static readonly byte[] OtherCanary = [4, 5, 6];

    private static RecordOwner Left => new(Lookout.Namespace, "store", Lost);

    /// <summary>A store that was restored with another UID, under a key that proves itself.</summary>
    private static async Task<(Executors Executors, EncryptedStore Store, KeyPin Pin)> RestoredAsync(
        Lookout lookout, bool withRecord, string? consent = Lost)
    {
        var executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var store = await executors.ApplyAsync(spec => spec with { Shared = null });
        if (withRecord)
        {
            var earlier = StoreRecord.New(Left)
                .PutBy(store.Spec, Lookout.Namespace, "old key") with { SetAside = "{}" };
            await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(Left, _ => earlier, None);
            await Lookout.UntilAsync(() => lookout.Around.Cluster.LeftBy(store).Any());
        }

        await GiveAsync(lookout, consent, awaited: true);
        return (executors, store, pin);
    }

    private static async Task GiveAsync(Lookout lookout, string? consent, bool awaited)
    {
        var spec = Quickstart.Stage.Anything(Lookout.Namespace) with
        {
            Adopt = consent is null ? [] : [new() { Namespace = Lookout.Namespace, Store = "store", Uid = consent }],
        };
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .ApplyAsync(new() { Metadata = new ObjectMeta { Name = Lookout.Namespace }, Spec = spec }, "test", None);
        if (awaited && consent is not null)
        {
            await Lookout.UntilAsync(() =>
                lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)?.Spec.Adopt.Count
                    == spec.Adopt.Count);
        }
    }

    /// <summary>As an earlier store of the same names left it:
    /// its canary was another ciphertext of the same key.</summary>
    private static PinMark Marked(KeyPin pin, EncryptedStore store) => new(pin.KeyId, "m0", "another canary")
    {
        Canary = KeyRecordCanary.Of(
            new Canary(pin.KeyId, "m0", OtherCanary,
                new Dictionary<string, string> { ["byok.dev/tenant"] = Lookout.Namespace })),
        Tenant = Lookout.Namespace, Namespace = store.Metadata.Namespace, Name = store.Metadata.Name, Uid = Lost,
    };

    private static void Stands(Lookout lookout, PinMark? pin, StoreOwnership ownership = StoreOwnership.Earlier)
    {
        new Executors(lookout).Owned(ownership);
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), PinName, Arg.Any<CancellationToken>())
            .Returns(pin is null ? null
                : new Mark(JsonSerializer.SerializeToUtf8Bytes(pin, MarkJson.Default.PinMark), "e"));
    }

    private static PinMark? Written(Lookout lookout) => lookout.Objects.ReceivedCalls()
        .Where(call =>
            call.GetMethodInfo().Name == nameof(IObjectData.WriteMarkAsync)
                && (string)call.GetArguments()[1]! == PinName)
        .Select(call =>
            JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)call.GetArguments()[2]!).Span, MarkJson.Default.PinMark))
                .SingleOrDefault();

    private static Task<StoreWorld?> AdoptAsync(Executors executors, Lookout lookout, EncryptedStore store) =>
        executors.Stores.PerformAsync(lookout.Around.Cluster.Standing(store), Worlds.Open,
            new StoreAct.Adopt(store.Metadata.Uid!, Lost), None);

    private static async Task<string> RefusedAsync(
        Executors executors, Lookout lookout, EncryptedStore store, bool isRecordKept = false)
    {
        var reason = await Executors.RefusalAsync(() => AdoptAsync(executors, lookout, store));
        await NothingChangedAsync(executors, lookout, store);
        isRecordKept.ShouldBe(isRecordKept
            && await executors.StoreRecords.ReadAsync(Left, None) is not Recorded<StoreRecord>.Absent);
        return reason;
    }

    private static async Task NothingChangedAsync(Executors executors, Lookout lookout, EncryptedStore store)
    {
        await lookout.Stores.DidNotReceiveWithAnyArgs().AdoptAsync(default!, default);
        (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata), None))
            .ShouldBeOfType<Recorded<StoreRecord>.Absent>();
        Written(lookout).ShouldBeNull();
    }

    private static async Task SpoilAsync(Lookout lookout)
    {
        var maps = lookout.Kube.Api<Kube.Core.Kinds.ConfigMap>();
        var address = lookout.Around.Cluster.Records.AddressOf<StoreRecord>(Left);
        await maps.PatchMergeAsync(address,
            new System.Text.Json.Nodes.JsonObject
            {
                ["data"] = new System.Text.Json.Nodes.JsonObject { [RecordCodec.MacEntry] = "AAAA" },
            }, None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Records.Find<StoreRecord>(Left).Fault is not null);
    }
}
