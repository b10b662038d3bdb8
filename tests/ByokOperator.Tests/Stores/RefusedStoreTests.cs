using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Migrations;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>The platform took back what a store stands on: what stands goes on, nothing new begins,
/// closing never asks.</summary>
public sealed class RefusedStoreTests
{
    private static readonly DateTimeOffset noon = Worlds.Noon;
    private static readonly Fact<Ruling.Refused?> refusal =
        Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform"));

    [Fact]
    public void A_store_that_never_began_halts_before_everything() =>
        Halt(Refused(Worlds.Open) with { IsPlaced = false, IsHeldOff = true, IsClaimed = false });

    [Fact]
    public void A_store_at_rest_says_that_it_is_refused() => Halt(Reported(Refused(Worlds.Open)));

    [Fact]
    public void What_nobody_could_judge_is_not_given() =>
        Step(Reported(Worlds.Open) with { Refusal = Fact.Blind<Ruling.Refused?>("LookFailed") })
            .ShouldBeOfType<Step.Wait>().Rung.ShouldBe("Granted");

    [Fact]
    public void An_open_store_goes_on_reporting() => Act(Refused(Worlds.Open)).ShouldBeOfType<StoreAct.WriteReport>();

    [Fact]
    public void What_drifts_is_mended() =>
        Act(
            Refused(Worlds.Open) with
            {
                Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, ["Policy"], IsDenied: false)),
            }).ShouldBeOfType<StoreAct.PrepareTarget>();

    [Fact]
    public void A_closed_store_is_not_opened_again() =>
        Halt(Refused(Worlds.Closed) with { Key = Worlds.Open.Key, ClosingSince = null });

    [Fact]
    public void Nothing_is_made() =>
        Halt(Reported(Refused(Worlds.Open.With(StoreOwnership.Absent)) with { Pin = Fact.Seen<KeyPin?>(null) }));

    [Fact]
    public void A_copy_is_not_begun_and_a_fence_that_stands_too_long_is_given_up()
    {
        Halt(Moving(since: noon));
        Act(Moving(since: noon - TimeSpan.FromHours(2))).ShouldBe(new MigrationAct.GiveUpFence("f1"));
        Act(Moving(since: noon - TimeSpan.FromHours(2)) with { Refusal = Fact.Blind<Ruling.Refused?>("LookFailed") })
            .ShouldBe(new MigrationAct.GiveUpFence("f1"));
    }

    [Fact]
    public void A_revocation_closes_it_as_if_nobody_had_refused_anything() =>
        StorePlan.Choose(Refused(Worlds.Revoked)).Steps.ShouldBe(StorePlan.Choose(Worlds.Revoked).Steps);

    [Fact]
    public void A_refused_store_is_let_go_like_any_other()
    {
        var going = Worlds.Open with { IsDeleting = true };
        StorePlan.Choose(Refused(going)).Steps.ShouldBe(StorePlan.Choose(going).Steps);
        Act(Refused(going) with { IsPlaced = false, IsHeldOff = true, Target = Fact.Blind<TargetFacts>("NotLooked") })
            .ShouldBeOfType<StoreAct.Release>();
    }

    private static StoreWorld Refused(StoreWorld world) => world with { Refusal = refusal };

    private static StoreWorld Reported(StoreWorld world) =>
        world with { Report = Fact.Seen<ReportFacts?>(new ReportFacts(noon, null, [], "Open")) };

    private static StoreWorld Moving(DateTimeOffset since) => Refused(Worlds.Open) with
    {
        Binding = Fact.Seen<BindingFacts?>(null),
        Migration = MoveWorlds.Begun with
        {
            Now = noon, Quiesces = true, Workloads = Fact.Seen(new WorkloadState(1, 0)),
            Source = Fact.Seen(new SourceFacts(true, false, "f1", since)),
        },
    };

    private static void Halt(StoreWorld world) => Step(world).ShouldBe(new Step.Halt("Granted", "NotGranted"));

    private static Act Act(StoreWorld world) => Step(world).ShouldBeOfType<Step.Take>().Act;

    private static Step Step(StoreWorld world) => StorePlan.Choose(world).Steps.ShouldHaveSingleItem();
}
