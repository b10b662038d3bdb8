using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>What the executors of a change of key refuse on a live look,
/// over a real cluster's records and clouds that say what a test wants.</summary>
public sealed class KeyChangeActsTests : IAsyncLifetime
{
    private const string NewArn = "arn:aws:kms:eu-west-1:222222222222:key/2";

    private Lookout lookout = null!;
    private Executors executors = null!;
    private EncryptedStore store = null!;
    private KeyPin old = null!;
    private KeyPin fresh = null!;

    public async ValueTask InitializeAsync()
    {
        lookout = await Lookout.StartAsync();
        executors = new Executors(lookout);
        old = await executors.ProveAsync();
        fresh = await executors.SecondAsync("new", NewArn);
        store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Ours);
        Marked(new PinMark(old.KeyId, old.MaterialId, old.CanaryDigest) { KeyName = "key" });
        await executors.StoreRecords.PutAsync(store, new PinMark(old.KeyId, old.MaterialId, old.CanaryDigest),
            old.KeyId, CancellationToken.None);
        await UntilAsync(record => record.Pin is not null);
        Describes(isDenied: false);
        await NameAsync("new");
    }

    public ValueTask DisposeAsync() => lookout.DisposeAsync();

    [Fact]
    public async Task Each_step_is_written_down_and_done_again_harmlessly()
    {
        await AsAfterACrashAsync(new KeyChangeAct.PinNewKey("new", fresh),
            record => record.AlsoPinned is [{ Name: "new", Stage: PinStages.Pinned }]);
        lookout.Around.Cluster.RecordOf(store).Trusted!.IsUnder("uid-of-nobody").ShouldBeFalse();
        var mark = Written();
        mark.Others.ShouldHaveSingleItem().KeyId.ShouldBe(NewArn);
        (mark.KeyId, mark.MovedUnder).ShouldBe((old.KeyId, old.KeyId));
        Marked(mark);
        await AsAfterACrashAsync(new KeyChangeAct.Admit("new", fresh),
            record => record.AlsoPinned is [{ Stage: PinStages.Admitted }]);
        await PerformAsync(new KeyChangeAct.Redirect("key", "new", fresh), record => record.Place!.KeyName == "new");
        var record = lookout.Around.Cluster.RecordOf(store).Trusted!;
        (record.Pin!.KeyId, record.MovedUnder, record.AlsoPinned.Single().Name,
            record.AlsoPinned.Single().Stage).ShouldBe((NewArn, old.KeyId, "key", PinStages.Leaving));
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh)))
            .ShouldBe("NotAdmitted", "this was decided on the store as it stood under the first key");

        store = lookout.Around.Cluster.Standing(lookout.Around.Cluster.Stores.Find(store.Metadata.Key)!);
        store.Spec.KeyRef!.Name.ShouldBe("new");
        (await RefusalAsync(new KeyChangeAct.Refuse("key"))).ShouldBe("Overlap", "the binding was not switched yet");
        await AsAfterACrashAsync(new KeyChangeAct.StartOverlap("key"),
            now => now.AlsoPinned.Single().Since is not null);
        (await RefusalAsync(new KeyChangeAct.Refuse("key"))).ShouldBe("Overlap");
        (await RefusalAsync(new KeyChangeAct.Release("key"))).ShouldBe("StageChanged");
        await OverlapAsync("0s");
        await AsAfterACrashAsync(new KeyChangeAct.Refuse("key"),
            now => now.AlsoPinned.Single().Stage == PinStages.Refused);
        (await RefusalAsync(new KeyChangeAct.Release("key")))
            .ShouldBe("OldKeyInUse", "a bucket has no root key that could tell that nothing stands under it");
    }

    [Fact]
    public async Task A_key_that_is_not_on_the_list_has_nothing_to_be_led_on_or_let_go()
    {
        foreach (var act
            in (KeyChangeAct[])[new KeyChangeAct.StartOverlap("key"), new KeyChangeAct.Refuse("another"),
                new KeyChangeAct.Release("another")])
        {
            (await RefusalAsync(act)).ShouldBe("KeyNotPinned", $"{act}");
        }
    }

    [Fact]
    public async Task Nothing_is_pinned_that_the_spec_does_not_name_or_that_is_another_key_is_not_active_or_not_usable()
    {
        await NameAsync("key");
        (await RefusalAsync(new KeyChangeAct.PinNewKey("new", fresh))).ShouldBe("SpecChanged");
        await NameAsync("new");
        (await RefusalAsync(new KeyChangeAct.PinNewKey("new", fresh with { MaterialId = "x", CanaryDigest = "x" })))
            .ShouldBe("KeyReplaced");
        (await RefusalAsync(new KeyChangeAct.PinNewKey("nobody", fresh))).ShouldBe("KeyNotFound");
        await StateAsync(KeyStates.Archived);
        (await RefusalAsync(new KeyChangeAct.PinNewKey("new", fresh))).ShouldBe("NewKeyNotUsable");
        await StateAsync(KeyStates.Active);
        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        (await RefusalAsync(new KeyChangeAct.PinNewKey("new", fresh))).ShouldBe("KeyDisabled");
        lookout.Around.Cluster.RecordOf(store).Trusted!.AlsoPinned.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_default_is_not_redirected_unless_the_store_admits_both_keys_is_open_and_is_still_asked_to()
    {
        (await RefusalAsync(new KeyChangeAct.Admit("new", fresh))).ShouldBe("NotMarked");
        await PerformAsync(new KeyChangeAct.PinNewKey("new", fresh), record => record.AlsoPinned.Count == 1);
        Marked(Written());
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh))).ShouldBe("NotAdmitted");
        await PerformAsync(new KeyChangeAct.Admit("new", fresh), record => record.AlsoPinned.Single().IsAdmitted);
        Describes(isDenied: true);
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh))).ShouldBe("NotAdmitted", "it is closed");
        Describes(isDenied: false, "Policy");
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh)))
            .ShouldBe("NotAdmitted", "its policy does not say so yet");
        Describes(isDenied: false);
        await NameAsync("key");
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh)))
            .ShouldBe("SpecChanged", "somebody went back");
        (await RefusalAsync(new KeyChangeAct.Unpin("new"))).ShouldBe("StageChanged", "something may stand under it");
        await PerformAsync(new KeyChangeAct.Refuse("new"),
            record => record.AlsoPinned.Single().Stage == PinStages.Refused);
        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh))).ShouldBe("SpecChanged");
        await NameAsync("new");
        (await RefusalAsync(new KeyChangeAct.Redirect("key", "new", fresh)))
            .ShouldBe("KeyDisabled", "one of the keys is not usable at this moment");
    }

    [Fact]
    public async Task A_key_that_was_never_admitted_is_taken_back_and_only_while_nobody_asks_for_it()
    {
        await PerformAsync(new KeyChangeAct.PinNewKey("new", fresh), record => record.AlsoPinned.Count == 1);
        Marked(Written());
        (await RefusalAsync(new KeyChangeAct.Unpin("new"))).ShouldBe("SpecChanged");
        await NameAsync("key");
        await PerformAsync(new KeyChangeAct.Unpin("new"), record => record.AlsoPinned is []);
        Written().KeyIds.ShouldBe([old.KeyId]);
    }

    [Fact]
    public async Task
        A_key_that_was_never_admitted_and_is_lost_by_now_is_taken_back_on_the_proof_of_the_store_s_own_alone()
    {
        await PerformAsync(new KeyChangeAct.PinNewKey("new", fresh), record => record.AlsoPinned.Count == 1);
        Marked(Written());
        await lookout.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new(Lookout.Namespace, "new"), null, CancellationToken.None);
        await NameAsync("key");
        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        (await RefusalAsync(new KeyChangeAct.Unpin("new")))
            .ShouldBe("KeyDisabled", "the store's own has to be usable, for the mark is written under it");
        executors.Answers(KeyVerdict.Usable, "Proved");
        await PerformAsync(new KeyChangeAct.Unpin("new"), record => record.AlsoPinned is []);
        Written().KeyIds.ShouldBe([old.KeyId]);
    }

    [Fact]
    public async Task A_third_key_named_meanwhile_holds_the_second_up_in_nothing_and_is_not_pinned_beside_it()
    {
        await PerformAsync(new KeyChangeAct.PinNewKey("new", fresh), record => record.AlsoPinned.Count == 1);
        Marked(Written());
        var third = await executors.SecondAsync("third", "arn:aws:kms:eu-west-1:222222222222:key/3");
        await NameAsync("third");
        (await RefusalAsync(new KeyChangeAct.PinNewKey("third", third))).ShouldBe("ChangeUnderWay");
        await PerformAsync(new KeyChangeAct.Admit("new", fresh), record => record.AlsoPinned.Single().IsAdmitted);
    }

    private async Task NameAsync(string key)
    {
        var named = await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new() { Name = store.Metadata.Name, Namespace = store.Metadata.Namespace },
                Spec = store.Spec with { KeyRef = new KeyReference { Name = key } },
            }, "test", CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Stores.Find(named.Metadata.Key)?.Spec.KeyRef?.Name == key);
    }

    private async Task OverlapAsync(string overlap)
    {
        var spec = store.Spec with { Rotation = new StoreRotation { Overlap = overlap } };
        await lookout.Kube.Api<EncryptedStore>()
            .ApplyAsync(
                new EncryptedStore
                {
                    Metadata = new() { Name = store.Metadata.Name, Namespace = store.Metadata.Namespace },
                    Spec = spec,
                }, "test", CancellationToken.None);
    }

    private async Task StateAsync(string state)
    {
        var key = lookout.Around.Cluster.Keys.Find(new(Lookout.Namespace, "new"))!;
        await lookout.Kube.Api<TenantEncryptionKey>()
            .ApplyAsync(
                new TenantEncryptionKey
                {
                    Metadata = new() { Name = "new", Namespace = Lookout.Namespace },
                    Spec = key.Spec with { State = state },
                }, "test", CancellationToken.None);
    }

    private Task<StoreWorld?> PerformOnceAsync(KeyChangeAct act) =>
        executors.Stores.PerformAsync(store, Worlds.Open, act, CancellationToken.None);

    private async Task PerformAsync(KeyChangeAct act, Func<StoreRecord, bool> until)
    {
        await PerformOnceAsync(act);
        await UntilAsync(until);
    }

    private async Task AsAfterACrashAsync(KeyChangeAct act, Func<StoreRecord, bool> until)
    {
        await PerformAsync(act, until);
        await PerformAsync(act, until);
    }

    private Task<string> RefusalAsync(KeyChangeAct act) => Executors.RefusalAsync(() => PerformOnceAsync(act));

    private Task UntilAsync(Func<StoreRecord, bool> holds) =>
        Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is { } record && holds(record));

    private void Describes(bool isDenied, params string[] drift) => lookout.Stores.DescribeAsync(default!, default)
        .ReturnsForAnyArgs(
            new StoreDescription(StoreOwnership.Ours, drift, isDenied, Lookout.Arn, new Dictionary<string, string>(),
                []));

    private void Marked(PinMark mark) =>
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), MarkNames.Root + "pin.json", Arg.Any<CancellationToken>())
            .Returns(new Mark(JsonSerializer.SerializeToUtf8Bytes(mark, MarkJson.Default.PinMark), "e"));

    /// <summary>The mark that was written last.</summary>
    private PinMark Written() => lookout.Objects.ReceivedCalls()
        .Where(call => call.GetMethodInfo().Name == nameof(IObjectData.WriteMarkAsync))
        .Select(call =>
            JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)call.GetArguments()[2]!).Span, MarkJson.Default.PinMark)!)
                .Last();
}
