using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>A rotation that waits for its confirmation: the workloads stand still, everything else goes on.</summary>
public sealed class PausedStoreTests
{
    private static readonly Fact<UnconfirmedVersion?> Pausing =
        Fact.Seen<UnconfirmedVersion?>(new("m2", "m1", IsHeld: false, Pauses: true));
    private static readonly Fact<UnconfirmedVersion?> Warning =
        Fact.Seen<UnconfirmedVersion?>(new("m2", "m1", IsHeld: false, Pauses: false));
    private static readonly Fact<UnconfirmedVersion?> Untold = Fact.Blind<UnconfirmedVersion?>("VersionUntold");

    [Fact]
    public void Running_workloads_are_suspended_and_that_is_said()
    {
        var world = With(Pausing, new WorkloadState(1, 0) { AreSelected = true });
        (StoreVerdict.AvailabilityOf(world),
            Act(world)).ShouldBe((StoreVerdict.Open, new StoreAct.SuspendWorkloads("uid")));

        var still = With(Pausing, new WorkloadState(0, 1) { AreSelected = true });
        StoreVerdict.AvailabilityOf(still).ShouldBe(StoreVerdict.Paused);
        StorePlan.Choose(Reported(still)).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Halt>().Rung.ShouldBe("VersionConfirmed");
    }

    [Fact]
    public void What_is_suspended_is_not_resumed_while_nobody_can_tell()
    {
        var blind = With(Untold, new WorkloadState(0, 1) { AreSelected = true });
        Act(Reported(blind)).ShouldBeNull();
        StorePlan.Choose(Reported(blind)).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Rung.ShouldBe("VersionConfirmed");
        Act(With(Untold, new WorkloadState(1, 0) { AreSelected = true }))
            .ShouldNotBeOfType<StoreAct.SuspendWorkloads>("not to know pauses nothing");
        Act(With(StoreVerdict.NoneWaits, new WorkloadState(0, 1) { AreSelected = true }))
            .ShouldBe(new StoreAct.ResumeWorkloads("uid"));
    }

    [Fact]
    public void A_warning_holds_nothing_still()
    {
        var world = Reported(With(Warning, new WorkloadState(1, 0) { AreSelected = true }));
        (Act(world), StoreVerdict.AvailabilityOf(world)).ShouldBe((null, StoreVerdict.Open));
        var conditions =
            StatusReport.Conditions(StorePlan.Choose(world), world, isServing: true, 1, [], failure => throw failure);
        conditions[0].Status.ShouldBe("True");
        conditions.Single(one => one.Type == "VersionConfirmed").Reason.ShouldBe("UnconfirmedRotation");
    }

    [Fact]
    public void Without_workloads_nothing_is_called_paused()
    {
        var world = Reported(With(Pausing, new WorkloadState(0, 0)));
        StoreVerdict.AvailabilityOf(world).ShouldBe(StoreVerdict.Open);
        StoreLadder.VersionConfirmedRung.Look(world)
            .ShouldBeOfType<Finding.Stuck>().Message.ShouldContain("names no workloads");
    }

    [Fact]
    public void A_revocation_closes_a_paused_store_like_any_other()
    {
        var world = With(Pausing, new WorkloadState(0, 1) { AreSelected = true },
            new KeyJudgement.Revoked("KeyDisabled", Worlds.Noon));
        (StorePlan.Choose(world).Name,
            StoreVerdict.AvailabilityOf(world)).ShouldBe((StorePlan.Closing, StoreVerdict.Closing));
    }

    [Fact]
    public void A_store_that_nobody_has_to_ask_about_has_no_such_condition() =>
        StorePlan.Choose(Worlds.Open).Rungs.ShouldNotContain(StoreLadder.VersionConfirmedRung);

    [Fact]
    public void The_binding_and_what_drifted_are_mended_while_it_waits()
    {
        var still = new WorkloadState(0, 1) { AreSelected = true };
        Act(With(Pausing, still) with { Binding = Fact.Seen<BindingFacts?>(null) }).ShouldBeOfType<StoreAct.Bind>();
        Act(
            With(Pausing,
                still) with { Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, ["Policy"], IsDenied: false)) })
                    .ShouldBeOfType<StoreAct.PrepareTarget>();
    }

    [Fact]
    public void It_is_looked_at_often_for_what_somebody_starts_meanwhile() =>
        StorePlan.Choose(Reported(With(Pausing, new WorkloadState(0, 1) { AreSelected = true }))).LookAgainWithin
            .ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));

    private static Act? Act(StoreWorld world) => StorePlan.Choose(world).Steps is [Step.Take take] ? take.Act : null;

    private static StoreWorld Reported(StoreWorld world) =>
        world with
        {
            Report =
                Fact.Seen<ReportFacts?>(new ReportFacts(Worlds.Noon, null, [], StoreVerdict.AvailabilityOf(world))),
        };

    private static StoreWorld With(
        Fact<UnconfirmedVersion?> unconfirmed, WorkloadState workloads, KeyJudgement? judgement = null) =>
            Worlds.Open with
        {
            Key = Worlds.Judged(judgement ?? new KeyJudgement.Usable(Worlds.Noon))
                .Select(key => key is null ? null : key with
                {
                    Regions = key.Regions.ToDictionary(region => region.Key,
                        region => region.Value with { Unconfirmed = unconfirmed }),
                }),
            Workloads = Fact.Seen(workloads),
        };
}
