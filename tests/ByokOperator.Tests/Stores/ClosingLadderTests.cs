using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class ClosingLadderTests
{
    private static readonly StoreWorld Blind = Worlds.Revoked with
    {
        Target = Fact.Blind<TargetFacts>("Unreachable"),
        IsGranted = Fact.Blind<bool>("Unreachable"),
        Workloads = Fact.Blind<WorkloadState>("ApiServerRefused"),
        Binding = Fact.Blind<BindingFacts?>("NotLooked"),
        CopyJobs = Fact.Blind<int>("LookFailed"),
    };

    [Fact]
    public void What_closes_goes_out_whether_it_is_seen_to_be_needed_or_nothing_is_seen() =>
        Acts(Blind).ShouldBe(Acts(Worlds.Revoked));

    [Fact]
    public void All_of_it_goes_out_side_by_side() => Acts(Worlds.Revoked).ShouldBe(
    [
        new StoreAct.RemoveBinding("uid"), new StoreAct.DenyTarget("uid"), new StoreAct.StopCopies("uid"),
        new StoreAct.SuspendWorkloads("uid"), new StoreAct.RevokeGrant("uid"),
    ]);

    [Fact]
    public void What_was_not_seen_is_not_said_to_be_open() =>
        Ladder.Report(ClosingLadder.Rungs, Blind).ShouldAllBe(rung => rung.Status == "Unknown");

    [Fact]
    public void An_act_on_something_unseen_is_not_looked_at_again_at_once() =>
        StorePlan.Choose(Blind).Steps.OfType<Step.Take>().ShouldAllBe(step => step.IsBlind);

    /// <summary>What is to be taken back is in the earlier store's place,
    /// which a restored object has no record of its own of.</summary>
    [Theory]
    [InlineData(StoreOwnership.Stranger, "TargetNotOurs", true)]
    [InlineData(StoreOwnership.Unmarked, "TargetOpen", false)]
    [InlineData(StoreOwnership.Forbidden, "TargetOpen", false)]
    public void A_store_that_has_not_taken_its_place_back_is_not_called_closed_while_that_is_open(
        object ownership, string reason, bool isStuck)
    {
        var world = Worlds.Closed with
        {
            Target = Fact.Seen(new TargetFacts((StoreOwnership)ownership, [], IsDenied: false)), IsPlaced = false,
            Adoption = new Takeover("earlier", IsConsented: true, ""),
        };
        var rung = Ladder.Report(ClosingLadder.Rungs, world).Single(one => one.Type == "TargetDenied");
        (rung.Reason, rung.Kind is RungKind.Stuck).ShouldBe((reason, isStuck));
        ClosingLadder.IsClosed(world).ShouldBeFalse();
        ClosingLadder.IsClosed(world with { Adoption = null }).ShouldBeTrue("nothing was ever put there");
        ClosingLadder.IsClosed(
            world with { Target = Fact.Seen(new TargetFacts(StoreOwnership.Absent, [], IsDenied: false)) })
                .ShouldBeTrue();
    }

    public static TheoryData<DateTimeOffset> Dates =>
        [DateTimeOffset.MaxValue, DateTimeOffset.MinValue, Worlds.Noon.AddYears(900)];

    /// <summary>When it was written stands in the tenant's namespace,
    /// where whoever may edit ConfigMaps can write anything.</summary>
    [Theory]
    [MemberData(nameof(Dates))]
    public void A_report_that_somebody_dated_as_he_liked_stops_no_closing_and_is_written_anew(DateTimeOffset date)
    {
        static StoreWorld Reported(StoreWorld world, DateTimeOffset date, string availability) =>
            world with
            {
                Report = Fact.Seen<ReportFacts?>(new ReportFacts(date, null, [], availability)),
                ReportInterval = TimeSpan.FromDays(365),
            };

        var heldUp =
            Reported(Worlds.Revoked, date, StoreVerdict.Closing) with { HeldUpSince = Worlds.Noon.AddMinutes(-5) };
        Acts(heldUp).ShouldContain(new StoreAct.DenyTarget("uid"));
        foreach (var world
            in new[]
            {
                heldUp,
                Reported(Worlds.Closed, date, StoreVerdict.Closed),
                Reported(Worlds.Open, date, StoreVerdict.Open),
            })
        {
            StorePlan.Choose(world).Steps.OfType<Step.Take>().ShouldContain(step => step.Act is StoreAct.WriteReport);
            Ladder.Report(StorePlan.Choose(world).Rungs, world)
                .Single(rung => rung.Type == "Compliant").Reason.ShouldBe("ReportDue");
        }
    }

    [Fact]
    public void Nothing_is_left_to_do_of_a_closed_store() => Acts(Worlds.Closed).ShouldBeEmpty();

    [Theory]
    [InlineData(StoreOwnership.Absent, "TargetMissing")]
    [InlineData(StoreOwnership.Stranger, "TargetNotOurs")]
    public void What_is_missing_or_a_strangers_in_the_place_on_record_is_stuck_and_not_touched(
        object ownership, string reason)
    {
        var world = Worlds.Closed.With((StoreOwnership)ownership);
        Denial(world).ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe(reason);
        Acts(world).ShouldBeEmpty();
        ClosingLadder.IsClosed(world).ShouldBeFalse();
    }

    [Fact]
    public void A_place_on_record_that_may_not_be_looked_at_is_stuck_and_denied_anyway()
    {
        var world = Worlds.Closed with { Target = Fact.Blind<TargetFacts>("AccessDenied") };
        Denial(world).ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe("TargetForbidden");
        Acts(world).ShouldBe([new StoreAct.DenyTarget("uid")]);
    }

    [Theory]
    [InlineData(StoreOwnership.Unmarked, "TargetUnmarked")]
    [InlineData(StoreOwnership.Forbidden, "TargetForbidden")]
    public void What_bears_no_tag_or_shows_none_is_denied_and_shut_once_that_is_read_back(
        object ownership, string reason)
    {
        var world = Worlds.Closed.With((StoreOwnership)ownership);
        Denial(world).ShouldBeOfType<Finding.Lacks>().Reason.ShouldBe(reason);
        Acts(world).ShouldBe([new StoreAct.DenyTarget("uid")]);
        ClosingLadder.IsClosed(world).ShouldBeFalse();
        Denial(world with { Target = world.Target.Select(target => target with { IsDenied = true }) })
            .ShouldBe(Finding.Holds.Now);
    }

    [Fact]
    public void What_was_taken_away_has_its_time_to_count_everywhere_before_it_is_closed()
    {
        var world = Worlds.Closed with
        {
            Target = Worlds.Closed.Target.Select(target => target with { SettlesAt = Worlds.Noon.AddSeconds(40) }),
        };
        Denial(world)
            .ShouldBe(
                new Finding.Pending("DenialSettles", TimeSpan.FromSeconds(40),
                    "what was taken away counts everywhere only after a while"));
        ClosingLadder.IsClosed(world with { Now = Worlds.Noon.AddSeconds(40) }).ShouldBeTrue();
    }

    [Theory]
    [InlineData(StoreOwnership.Absent)]
    [InlineData(StoreOwnership.Stranger)]
    public void A_store_that_was_never_put_anywhere_is_closed(object ownership) =>
        ClosingLadder.IsClosed(Worlds.Closed.With((StoreOwnership)ownership) with { IsPlaced = false }).ShouldBeTrue();

    [Fact]
    public void It_is_not_closed_while_a_way_in_stands_or_was_not_seen_to_be_gone()
    {
        ClosingLadder.IsClosed(Worlds.Closed).ShouldBeTrue();
        StoreWorld[] open =
        [
            Worlds.Closed with { Binding = Worlds.Open.Binding }, Worlds.Closed with { Target = Worlds.Open.Target },
            Worlds.Closed with { CopyJobs = Worlds.Open.CopyJobs },
            Worlds.Closed with { IsGranted = Worlds.Open.IsGranted },
            Worlds.Closed with { Binding = Blind.Binding }, Worlds.Closed with { Target = Blind.Target },
            Worlds.Closed with { CopyJobs = Blind.CopyJobs }, Worlds.Closed with { IsGranted = Blind.IsGranted },
        ];
        open.ShouldAllBe(world => !ClosingLadder.IsClosed(world));
        ClosingLadder.IsClosed(Worlds.Closed with { Workloads = Worlds.Open.Workloads })
            .ShouldBeTrue("who runs is shut out already");
    }

    [Fact]
    public void A_missing_place_does_not_keep_a_store_from_being_deleted_and_one_that_may_still_be_shut_does()
    {
        StorePlan.Choose(Worlds.Closed.With(StoreOwnership.Absent) with { IsDeleting = true }).Name
            .ShouldBe(StorePlan.Deleting);
        StorePlan.Choose(
            Worlds.Closed with { IsDeleting = true, Target = Fact.Blind<TargetFacts>("AccessDenied") }).Name
                .ShouldBe(StorePlan.Closing);
    }

    private static Finding Denial(StoreWorld world) =>
        ClosingLadder.Rungs.Single(rung => rung.Condition == "TargetDenied").Look(world);

    private static List<Act> Acts(StoreWorld world) =>
        [.. StorePlan.Choose(world).Steps.OfType<Step.Take>().Where(step => step.Rung != "Compliant")
            .Select(step => step.Act)];
}
