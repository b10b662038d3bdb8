using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Migrations;
using Cloud;
using Cloud.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>With mode Plan a store is counted, and nothing else happens to anything.</summary>
public sealed class PlanLadderTests
{
    [Fact]
    public void The_shared_place_is_counted_a_slice_after_the_other_and_then_it_rests()
    {
        Step(Planned(counted: false))
            .ShouldBe(new Step.Wait("SourceCounted", "SourceNotCounted", TimeSpan.FromSeconds(1)));
        Step(Planned(counted: true)).ShouldBeOfType<Step.Rest>();
    }

    /// <summary>Whatever would be made, claimed, closed or written of a store that is to be moved.</summary>
    [Fact]
    public void Nothing_is_made_claimed_or_written()
    {
        foreach (var world in new[]
        {
            Planned(true),
            Planned(true) with { IsClaimed = false },
            Planned(true)
                .With(StoreOwnership.Absent) with
                {
                    Pin = Fact.Seen<KeyPin?>(null),
                    Binding = Fact.Seen<BindingFacts?>(null),
                },
            Blank(Planned(true)) with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon },
            Blank(Planned(true)) with
            {
                Key = Fact.Blind<KeySnapshot?>("NotLooked"),
                UnjudgedUntil = Worlds.Noon.AddHours(-1),
            },
            Planned(true) with { Key = Fact.Blind<KeySnapshot?>("NotLooked") },
            Planned(false) with { Report = Fact.Seen<ReportFacts?>(null) },
        })
        {
            StorePlan.Choose(world).Steps.ShouldAllBe(step => !(step is Step.Take));
        }
    }

    /// <summary>A place that was left, or whose record is gone, is closed by whoever is called as it was.</summary>
    [Fact]
    public void What_stands_of_an_earlier_store_is_closed_when_the_key_is_revoked()
    {
        foreach (var left in new[]
        {
            Blank(Planned(true)).With(StoreOwnership.Earlier),
            Blank(Planned(true)).With(StoreOwnership.Ours),
            Blank(Planned(true)) with { Binding = Worlds.Open.Binding },
        })
        {
            var revoked = left with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon };
            StorePlan.Choose(revoked).Steps.ShouldBe(StorePlan.Choose(revoked with { Migration = null }).Steps);
            StorePlan.Choose(revoked).Name.ShouldBe(StorePlan.Closing);
        }
    }

    [Fact]
    public void It_says_where_the_plan_is_and_how_to_begin_and_is_not_ready()
    {
        var plan = StorePlan.Choose(Planned(true));
        var conditions = StatusReport.Conditions(plan, Planned(true), isServing: false, 1, [], Failures.Explain);
        ConditionsContract.Check(conditions, 1).ShouldBeEmpty();
        var ready = Conditions.Find(conditions, "Ready").ShouldNotBeNull();
        (ready.Status, ready.Reason).ShouldBe(("False", "Planned"));
        ready.Message.ShouldBe(
            "SourceCounted: nothing is made and nothing is moved: status.plan says what the move would take; set "
                + "spec.migration.mode to Run to begin it");
        Conditions.Find(conditions, "Reconciling").ShouldBeNull();
    }

    [Fact]
    public void What_can_not_be_counted_is_told()
    {
        var world = Planned(false);
        Step(
            world with { Migration = world.Migration! with { Source = Fact.Seen(new SourceFacts(false, true, null)) } })
                .ShouldBe(new Step.Halt("SourceCounted", "SourceMissing"));
        Step(
            world with
            {
                Migration = world.Migration! with
                {
                    Source = Fact.Seen(
                        new SourceFacts(true, false,
                            null) { Unfit = new CloudProblem.Refused("DirectoryBucket", "no order") }),
                },
            })
            .ShouldBe(new Step.Halt("SourceCounted", "DirectoryBucket"));
        Step(world with { Migration = world.Migration! with { Plan = Fact.Blind<PlanFacts>("Throttled") } })
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Throttled");
        Step(world with { Violations = ["spec: wrong"] }).ShouldBe(new Step.Halt("SpecValid", "SpecInvalid"));
    }

    [Fact]
    public void What_was_put_somewhere_or_is_going_is_not_planned_any_more()
    {
        StorePlan.Choose(Planned(true) with { IsPlaced = true }).Name.ShouldBe(StorePlan.Wanted);
        StorePlan.Choose(Planned(true) with { IsDeleting = true }).Name.ShouldBe(StorePlan.Deleting);
    }

    /// <summary>Nothing was ever put anywhere.</summary>
    private static StoreWorld Blank(StoreWorld world) => world.With(StoreOwnership.Absent) with
    {
        Pin = Fact.Seen<KeyPin?>(null), Binding = Fact.Seen<BindingFacts?>(null), CopyJobs = Fact.Seen(0),
        IsGranted = Fact.Seen(false),
    };

    private static Step Step(StoreWorld world) => StorePlan.Choose(world).Steps.ShouldHaveSingleItem();

    private static StoreWorld Planned(bool counted) => Worlds.Open with
    {
        IsPlaced = false,
        Migration = MoveWorlds.Begun with
        {
            Now = Worlds.Noon, Workloads = Fact.Seen(new WorkloadState(1, 0)),
            Plan = Fact.Seen(new PlanFacts("plan-spec", counted ? Worlds.Noon : null, new MoveCounts())),
        },
    };
}
