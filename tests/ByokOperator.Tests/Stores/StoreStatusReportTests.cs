using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Stores;
using Cloud;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class StoreStatusReportTests
{
    private static readonly EncryptedStore Store = new()
    {
        Metadata = new ObjectMeta { Name = "store", Namespace = "acme", Uid = "uid", Generation = 3 },
        Spec = new EncryptedStoreSpec { Aws = new AwsStore { Region = "r" } },
    };

    [Fact]
    public void From_the_decision_on_it_is_closing_with_the_reason_and_not_closed()
    {
        var status = Of(Worlds.Revoked);
        (status.Availability, status.ClosedReason, status.ClosedSince).ShouldBe(("Closing", "KeyDisabled", null));
    }

    [Fact]
    public void It_is_closed_since_it_was_noted_to_be_whatever_a_status_says()
    {
        var noted =
            Worlds.Closed with { Now = Worlds.Noon.AddHours(1), Closure = new StoreClosure(Worlds.Noon.AddSeconds(2)) };
        var status = Of(noted);
        (status.Availability, status.ClosedSince).ShouldBe(("Closed", Worlds.Noon.AddSeconds(2)));
        Of(noted, shown: status with { ClosedSince = Worlds.Noon.AddDays(-9) }).ClosedSince
            .ShouldBe(Worlds.Noon.AddSeconds(2), "somebody edited it");
        Of(noted, shown: null).ClosedSince.ShouldBe(Worlds.Noon.AddSeconds(2), "somebody deleted it");
    }

    [Fact]
    public void Where_nothing_can_be_noted_it_is_closed_since_this_process_saw_it()
    {
        var unnoted = Worlds.Closed with
        {
            Closure = null,
            RecordFault = new RecordedFault(RecordedFault.NotAuthentic, "restore it"),
        };
        Of(unnoted with { Now = Worlds.Noon.AddHours(1), ShutSince = Worlds.Noon.AddSeconds(2) }).ClosedSince
            .ShouldBe(Worlds.Noon.AddSeconds(2));
        Of(
            unnoted with
            {
                Closure = new StoreClosure(Worlds.Noon.AddDays(-1), Worlds.Noon.AddHours(-9)),
                Now = Worlds.Noon,
            }).ClosedSince.ShouldBe(Worlds.Noon, "an earlier closing is over");
        StoreLadder.ClosureKept(unnoted).ShouldBe(Finding.Holds.Now);
    }

    [Fact]
    public void A_blind_look_takes_nothing_back_and_one_that_sees_it_open_does()
    {
        var seen = Worlds.Closed with { Closure = null, ShutSince = Worlds.Noon };
        Of(seen with { Target = Fact.Blind<TargetFacts>("Unreachable") }).Availability.ShouldBe("Closed");
        Of(seen with { Target = Worlds.Open.Target }).Availability.ShouldBe("Closing");
        Of(Worlds.Closed with { Closure = null, Target = Fact.Blind<TargetFacts>("Unreachable") }).Availability
            .ShouldBe("Closing");
    }

    [Fact]
    public void What_is_being_opened_again_is_not_closed_any_more_once_its_denial_is_seen_to_be_gone()
    {
        var shut = Worlds.Closed with { Key = Worlds.Open.Key, ClosingSince = null };
        Of(shut, shown: Of(Worlds.Closed)).Availability.ShouldBe("Closed");
        var blind = shut with { Target = Fact.Blind<TargetFacts>("Unreachable") };
        Of(blind, shown: Of(Worlds.Closed)).Availability.ShouldBe("Closed");
        Of(shut with { Target = Worlds.Open.Target }, shown: Of(Worlds.Closed)).Availability.ShouldBeNull();
        Of(Worlds.Open, shown: Of(Worlds.Closed)).Availability.ShouldBe("Open");
    }

    [Fact]
    public void A_status_that_calls_it_closed_is_believed_by_nobody()
    {
        var shown = Of(Worlds.Closed);
        Of(Worlds.Closed with { Closure = null, Target = Fact.Blind<TargetFacts>("Unreachable") }, shown).Availability
            .ShouldBe("Closing");
    }

    [Theory]
    [InlineData(StoreOwnership.Absent)]
    [InlineData(StoreOwnership.Stranger)]
    public void What_can_not_be_denied_is_never_said_to_be_closed(object ownership) =>
        Of(Worlds.Closed.With((StoreOwnership)ownership) with { ShutSince = Worlds.Noon },
            shown: Of(Worlds.Closed)).Availability.ShouldBe("Closing");

    [Fact]
    public void What_only_a_person_can_help_with_stalls_the_store_whatever_its_key_says()
    {
        var conditions = Conditions(Worlds.Closed.With(StoreOwnership.Stranger));
        (conditions[0].Type, conditions[0].Reason).ShouldBe(("Ready", "TargetNotOurs"));
        (conditions[1].Type, conditions[1].Reason).ShouldBe(("Stalled", "TargetNotOurs"));
        ConditionsContract.Check(conditions, 3).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Refused", "Stalled")]
    [InlineData("AccessDenied", "Stalled")]
    [InlineData("NotFound", "Stalled")]
    [InlineData("Unreachable", "Reconciling")]
    [InlineData("Throttled", "Reconciling")]
    public void A_refusal_to_close_stalls_where_it_will_not_pass_by_itself(string problem, string shown)
    {
        var failure = new ActFailure("TargetDenied", new StoreAct.DenyTarget("uid"),
            new CloudException(Problem(problem), "s3:PutBucketPolicy"));
        var conditions = Conditions(Worlds.Revoked, failure);
        conditions[1].Type.ShouldBe(shown);
        conditions.Single(condition => condition.Type == "TargetDenied").Reason.ShouldBe(problem);
        HoldUp.Of(StorePlan.Choose(Worlds.Revoked), Worlds.Revoked, Rungs(Worlds.Revoked, failure))
            ?.Reason.ShouldBe(shown == "Stalled" ? problem : null);
    }

    [Fact]
    public void A_place_whose_record_does_not_count_is_not_ours_to_close_and_needs_a_person()
    {
        var world = Worlds.Closed.With(StoreOwnership.Unmarked);
        var failure = new ActFailure("TargetDenied", new StoreAct.DenyTarget("uid"),
            new CloudException(new CloudProblem.Conflict("NotOurs", "it bears no tag"), "s3:PutBucketPolicy"));
        HoldUp.Of(StorePlan.Choose(world), world, Rungs(world, failure))
            .ShouldBe(new HoldUp("TargetDenied", "TargetNotOurs", "it bears no tag", NeedsPerson: true));
        Conditions(world, failure)[1].Type.ShouldBe("Stalled");
    }

    [Fact]
    public void A_closing_that_is_not_done_after_a_minute_is_held_up_and_reports_it()
    {
        var world = Worlds.Closed with { Target = Worlds.Open.Target, HeldUpSince = Worlds.Noon };
        HoldUp.Of(StorePlan.Choose(world), world, Rungs(world)).ShouldBeNull();
        var late = world with { Now = Worlds.Noon.AddMinutes(1) };
        HoldUp.Of(StorePlan.Choose(late), late, Rungs(late))
            .ShouldBe(new HoldUp("TargetDenied", "TargetOpen", "", NeedsPerson: false));
        StorePlan.Choose(late).Steps.OfType<Step.Take>().Select(step => step.Act)
            .ShouldContain(new StoreAct.WriteReport(null, "Closing"));
    }

    private static CloudProblem Problem(string name) => name switch
    {
        "Refused" => new CloudProblem.Refused("MalformedPolicy", "invalid principal"),
        "AccessDenied" => new CloudProblem.Forbidden("AccessDenied", "no"),
        "NotFound" => new CloudProblem.NotFound("NoSuchBucket", "gone"),
        "Throttled" => new CloudProblem.Throttled("SlowDown", "later"),
        _ => new CloudProblem.Unreachable("Timeout", "no answer"),
    };

    private static IReadOnlyList<RungReport> Rungs(StoreWorld world, params ActFailure[] failures) =>
        StatusReport.Rungs(StorePlan.Choose(world), world, failures, Failures.ExplainClosing);

    private static IReadOnlyList<Condition> Conditions(StoreWorld world, params ActFailure[] failures) =>
        StatusReport.Conditions(StorePlan.Choose(world), Rungs(world, failures), isServing: false, generation: 3);

    private static EncryptedStoreStatus Of(StoreWorld world, EncryptedStoreStatus? shown = null) =>
        StoreStatusReport.Of(Store with { Status = shown }, world, StorePlan.Choose(world), Conditions(world),
            census: null);
}
