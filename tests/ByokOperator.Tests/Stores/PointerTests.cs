using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Migrations;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Events;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>A store that names no key, and what may and may not be made of its binding.</summary>
public sealed class PointerTests
{
    private static readonly StoreWorld pointer = Worlds.Open.With(StoreOwnership.Absent) with
    {
        NamesNoKey = true,
        IsPlaced = false,
        Key = Fact.Seen<KeySnapshot?>(null),
        Pin = Fact.Seen<KeyPin?>(null),
        Binding = Fact.Seen<BindingFacts?>(null),
        IsPointed = Fact.Seen(false),
        Migration =
            MoveWorlds.Begun with { Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: false, Fence: null)) },
    };

    [Fact]
    public void It_is_pointed_at_the_shared_place_and_then_rests()
    {
        var plan = StorePlan.Choose(pointer);
        plan.Name.ShouldBe(StorePlan.Pointer);
        plan.Steps.ShouldHaveSingleItem().ShouldBe(new Step.Take("Bound", "NotBound", new StoreAct.Point(pointer.Uid)));
        StorePlan.Choose(pointer with { IsPointed = Fact.Seen(true) }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Rest>();
        StoreVerdict.MustClose(pointer).ShouldBeNull();
    }

    [Fact]
    public void A_shared_place_that_is_not_there_is_waited_for()
    {
        var missing = pointer with
        {
            Migration = pointer.Migration! with
            {
                Source = Fact.Seen(new SourceFacts(Exists: false, IsEmpty: true, Fence: null)),
            },
        };
        StorePlan.Choose(missing).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("SourceMissing");
    }

    [Fact]
    public void Where_a_store_of_its_own_stands_already_that_is_closed_instead()
    {
        StorePlan.Choose(pointer.With(StoreOwnership.Ours)).Name.ShouldBe(StorePlan.Closing);
        StorePlan.Choose(pointer.With(StoreOwnership.Earlier)).Name.ShouldBe(StorePlan.Closing);
    }

    [Fact]
    public void Where_nobody_can_see_whether_a_store_of_its_own_stands_nobody_is_led_to_the_shared_place()
    {
        StorePlan.Choose(pointer with { Target = Fact.Blind<TargetFacts>("Throttled") }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Throttled");
        StorePlan.Choose(pointer.With(StoreOwnership.Forbidden)).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("TargetForbidden");
        StorePlan.Choose(pointer.With(StoreOwnership.Forbidden) with { IsPointed = Fact.Seen(true) }).Steps
            .ShouldHaveSingleItem().ShouldBeOfType<Step.Rest>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_lost_its_tag_and_its_record_may_be_a_claimed_stores_own(bool isAnothers)
    {
        var whose = isAnothers ? StoreOwnership.Stranger : StoreOwnership.Unmarked;
        StorePlan.Choose(pointer.With(whose)).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Halt>().Reason.ShouldBe("PlaceUnclear");
        StorePlan.Choose(pointer.With(whose) with { IsClaimed = false }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>();
        var leadsIn =
            pointer.With(whose) with { Binding = Fact.Seen<BindingFacts?>(new BindingFacts("the store", null)) };
        StorePlan.Choose(leadsIn).Name.ShouldBe(StorePlan.Closing);
    }

    [Theory]
    [InlineData(StoreOwnership.Ours, false)]
    [InlineData(StoreOwnership.Earlier, false)]
    [InlineData(StoreOwnership.Forbidden, false)]
    [InlineData(StoreOwnership.Stranger, true)]
    [InlineData(StoreOwnership.Unmarked, true)]
    public async Task A_place_that_stands_though_its_record_was_lost_is_not_led_away_from(
        StoreOwnership whose, bool isClaimed)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await KeylessAsync(executors);
        if (isClaimed)
        {
            executors.Owned(StoreOwnership.Absent);
            await executors.Bindings.PointAsync(store, CancellationToken.None);
            var claimed = new FinalizerWriter<EncryptedStore>(lookout.Kube.Api<EncryptedStore>(), Labels.Finalizer);
            await claimed.AddAsync(store, CancellationToken.None);
        }

        executors.Owned(whose);
        (await Executors.RefusalAsync(() => executors.Bindings.PointAsync(store, CancellationToken.None)))
            .ShouldBe("AlreadyPlaced");
    }

    [Fact]
    public void What_was_put_somewhere_is_no_pointer_whatever_the_spec_names() =>
        StorePlan.Choose(pointer with { IsPlaced = true }).Name.ShouldNotBe(StorePlan.Pointer);

    [Fact]
    public void Only_a_binding_that_could_lead_into_the_store_counts()
    {
        var absent = Fact.Seen(
            new StoreDescription(StoreOwnership.Absent, [], IsDenied: false, null, new Dictionary<string, string>(),
                []));
        var ours = absent.Select(seen => seen with { Ownership = StoreOwnership.Ours });
        var edited = new BindingFacts("somebody's", null);
        PointerLadder.IsWayIn(edited with { NamesShared = true }, Worlds.Open, ours).ShouldBeFalse();
        PointerLadder.IsWayIn(edited, pointer, absent).ShouldBeFalse("there is neither key nor place");
        PointerLadder.IsWayIn(edited, pointer, ours).ShouldBeTrue();
        PointerLadder.IsWayIn(edited, pointer, Fact.Blind<StoreDescription>("Throttled"))
            .ShouldBeTrue("nobody can tell");
        PointerLadder.IsWayIn(edited, pointer with { IsPlaced = true }, absent).ShouldBeTrue();
        PointerLadder.IsWayIn(null, pointer, ours).ShouldBeFalse();
        foreach (var whose in Enum.GetValues<StoreOwnership>())
        {
            var stands = absent.Select(seen => seen with { Ownership = whose });
            PointerLadder.IsWayIn(edited, pointer, stands).ShouldBe(whose != StoreOwnership.Absent, $"{whose}");
            PointerLadder.IsWayIn(edited, pointer with { IsClaimed = false }, stands).ShouldBe(
                whose is StoreOwnership.Ours or StoreOwnership.Earlier or StoreOwnership.Forbidden, $"{whose}");
        }
    }

    [Fact]
    public async Task Its_binding_is_that_of_the_shared_place_and_one_that_somebody_edited_is_mended()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await KeylessAsync(executors);
        await executors.Bindings.PointAsync(store, CancellationToken.None);
        var address = new ObjectKey(Lookout.Namespace, StoreNames.Binding(store));
        var binding = await lookout.Kube.Api<ConfigMap>().GetAsync(address, CancellationToken.None);
        (binding.Data!["bucket"], binding.Data["prefix"],
            binding.Data["key"]).ShouldBe((Executors.SharedBucket, Executors.Prefix, ""));
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None)).ShouldNotBeNull().NamesShared
            .ShouldBeTrue();

        await lookout.Kube.Api<ConfigMap>().ApplyAsync(
            new ConfigMap
            {
                Metadata = new ObjectMeta { Name = address.Name, Namespace = address.Namespace },
                Data = new Dictionary<string, string> { ["bucket"] = "evil" },
            },
            "somebody", CancellationToken.None);
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None)).ShouldNotBeNull().NamesShared
            .ShouldBeFalse();
        await executors.Bindings.PointAsync(store, CancellationToken.None);
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None)).ShouldNotBeNull().NamesShared
            .ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_was_named_meanwhile_keeps_the_binding_where_it_is()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync();
        (await Executors.RefusalAsync(() => executors.Bindings.PointAsync(store, CancellationToken.None)))
            .ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task What_was_put_somewhere_is_not_led_away_from()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync();
        await executors.StoreRecords.PutAsync(store, mark: null, Lookout.Arn, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is not null);
        var keyless = await KeylessAsync(executors);
        (await Executors.RefusalAsync(() => executors.Bindings.PointAsync(keyless, CancellationToken.None)))
            .ShouldBe("AlreadyPlaced");
    }

    private static Task<EncryptedStore> KeylessAsync(Executors executors) =>
        executors.ApplyAsync(spec => spec with { KeyRef = null });
}
