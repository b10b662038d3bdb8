using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Places;
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
        HeldUp(Worlds.Revoked, failure)?.Reason.ShouldBe(shown == "Stalled" ? problem : null);
    }

    [Fact]
    public void A_place_whose_record_does_not_count_is_not_ours_to_close_and_needs_a_person()
    {
        var world = Worlds.Closed.With(StoreOwnership.Unmarked);
        var failure = new ActFailure("TargetDenied", new StoreAct.DenyTarget("uid"),
            new CloudException(new CloudProblem.Conflict("NotOurs", "it bears no tag"), "s3:PutBucketPolicy"));
        HeldUp(world, failure).ShouldBe(new HoldUp("TargetDenied", "TargetNotOurs", "it bears no tag"));
        Conditions(world, failure)[1].Type.ShouldBe("Stalled");
    }

    [Fact]
    public void A_closing_that_is_not_done_after_a_minute_is_held_up_and_reports_it()
    {
        var world = Worlds.Closed with { Target = Worlds.Open.Target, HeldUpSince = Worlds.Noon };
        HeldUp(world).ShouldBeNull();
        var late = world with { Now = Worlds.Noon.AddMinutes(1) };
        var heldUp = HeldUp(late)!;
        (heldUp.Rung, heldUp.Reason).ShouldBe(("TargetDenied", "TargetOpen"));
        heldUp.Message.ShouldNotBeEmpty();
        StorePlan.Choose(late).Steps.OfType<Step.Take>().Select(step => step.Act)
            .ShouldContain(new StoreAct.WriteReport(null, "Closing"));
    }

    /// <summary>Whose a place is answers 409 for ever, and its record does not count:
    /// only the alert told of it.</summary>
    [Theory]
    [InlineData("Conflict")]
    [InlineData("Unreachable")]
    [InlineData("Throttled")]
    public void What_shuts_a_store_and_fails_for_longer_than_a_minute_stalls_it_whatever_the_cloud_calls_it(
        string problem)
    {
        var failure = new ActFailure("TargetDenied", new StoreAct.DenyTarget("uid"),
            new CloudException(Problem(problem), "s3:GetBucketTagging"));
        var blind = Worlds.Closed with { Target = Fact.Blind<TargetFacts>(problem), HeldUpSince = Worlds.Noon };
        Conditions(blind, failure)[1].Type.ShouldBe("Reconciling");
        Stalled(blind, "TargetDenied", failure).Reason.ShouldBe(problem);
        Stalled(blind with { Target = Worlds.Open.Target }, "TargetDenied", failure).Reason
            .ShouldBe(problem, "seen to be open");
    }

    [Theory]
    [InlineData("BindingRemoved")]
    [InlineData("TargetDenied")]
    [InlineData("CopyJobsGone")]
    [InlineData("GrantsRevoked")]
    public void A_way_in_that_nobody_can_see_for_longer_than_a_minute_stalls_the_store(string rung)
    {
        var shut = Worlds.Closed with { HeldUpSince = Worlds.Noon };
        var blind = rung switch
        {
            "BindingRemoved" => shut with { Binding = Fact.Blind<BindingFacts?>("Unreachable") },
            "TargetDenied" => shut with { Target = Fact.Blind<TargetFacts>("Unreachable") },
            "CopyJobsGone" => shut with { CopyJobs = Fact.Blind<int>("Unreachable") },
            _ => shut with { IsGranted = Fact.Blind<bool>("Unreachable") },
        };
        Conditions(blind)[1].Type.ShouldBe("Reconciling");
        Stalled(blind, rung).Reason.ShouldBe("Unreachable");
        HeldUp(Late(blind) with { ShutSince = Worlds.Noon }).ShouldBeNull("a blind look takes nothing back");
        Conditions(Late(blind) with { ShutSince = Worlds.Noon })[1].Type.ShouldBe("Reconciling");
    }

    [Fact]
    public void A_denial_that_settles_is_not_held_up_and_beside_it_what_is()
    {
        var settling = Worlds.Closed with
        {
            Target = Fact.Seen(
                new TargetFacts(StoreOwnership.Ours, [], IsDenied: true) { SettlesAt = Worlds.Noon.AddMinutes(10) }),
            HeldUpSince = Worlds.Noon,
        };
        HeldUp(Late(settling)).ShouldBeNull();
        Conditions(Late(settling))[1].Type.ShouldBe("Reconciling");
        Stalled(settling with { CopyJobs = Fact.Seen(1) }, "CopyJobsGone").Reason.ShouldBe("CopyJobsStand");
    }

    [Fact]
    public void What_a_person_has_to_mend_speaks_for_all_that_is_late()
    {
        var late = Late(
            Worlds.Closed.With(StoreOwnership.Stranger) with
            {
                HeldUpSince = Worlds.Noon,
                Binding = Fact.Blind<BindingFacts?>("Unreachable"),
            });
        HeldUp(late)!.Reason.ShouldBe("TargetNotOurs");
        Conditions(late)[1].Reason.ShouldBe("TargetNotOurs");
    }

    /// <summary>After the minute: the condition, the alert and the rung say the same.</summary>
    private static Condition Stalled(StoreWorld world, string rung, params ActFailure[] failures)
    {
        var conditions = Conditions(Late(world), failures);
        ConditionsContract.Check(conditions, 3).ShouldBeEmpty();
        conditions[0].Status.ShouldBe("False");
        conditions[1].Type.ShouldBe("Stalled");
        conditions[1].Message.ShouldContain("until it is done somebody may get in");
        HeldUp(Late(world), failures).ShouldBe(new HoldUp(rung, conditions[1].Reason, conditions[1].Message));
        return conditions[1];
    }

    private static StoreWorld Late(StoreWorld world) => world with { Now = Worlds.Noon.AddMinutes(1) };

    private static CloudProblem Problem(string name) => name switch
    {
        "Refused" => new CloudProblem.Refused("MalformedPolicy", "invalid principal"),
        "AccessDenied" => new CloudProblem.Forbidden("AccessDenied", "no"),
        "NotFound" => new CloudProblem.NotFound("NoSuchBucket", "gone"),
        "Throttled" => new CloudProblem.Throttled("SlowDown", "later"),
        "Conflict" => new CloudProblem.Conflict("Http409", "no"),
        _ => new CloudProblem.Unreachable("Timeout", "no answer"),
    };

    private static HoldUp? HeldUp(StoreWorld world, params ActFailure[] failures) =>
        HoldUp.Of(StorePlan.Choose(world), Rungs(world, failures));

    private static IReadOnlyList<RungReport> Rungs(StoreWorld world, params ActFailure[] failures) =>
        HoldUp.Told(StorePlan.Choose(world), world,
            StatusReport.Rungs(StorePlan.Choose(world), world, failures, Failures.ExplainClosing));

    private static IReadOnlyList<Condition> Conditions(StoreWorld world, params ActFailure[] failures) =>
        StatusReport.Conditions(StorePlan.Choose(world), Rungs(world, failures), isServing: false, generation: 3);

    private static EncryptedStoreStatus Of(StoreWorld world, EncryptedStoreStatus? shown = null) =>
        StoreStatusReport.Of(Store with { Status = shown }, world, StorePlan.Choose(world), Conditions(world),
            census: null);
}
