using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>What becomes of a store whose predecessor's place stands, fact by fact.</summary>
public sealed class AdoptedRungTests
{
    private static readonly Takeover needed = new("first", IsConsented: false, "write it");
    private static readonly Takeover consented = new("first", IsConsented: true, "write it");

    private static readonly StoreWorld found = Worlds.Open.With(StoreOwnership.Earlier) with
    {
        IsPlaced = false, Pin = Fact.Seen<KeyPin?>(null), Binding = Fact.Seen<BindingFacts?>(null),
        Adoption = consented, CopyJobs = Fact.Seen(0),
    };

    [Fact]
    public void Without_consent_it_waits_for_the_platform_and_does_nothing() =>
        Step(found with { Adoption = needed }).ShouldBe(new Step.Halt("Adopted", "AdoptionNeeded"));

    [Fact]
    public void With_consent_and_a_key_that_is_usable_it_is_taken_back() =>
        Step(found).ShouldBeOfType<Step.Take>().Act.ShouldBe(new StoreAct.Adopt("uid", "first"));

    [Theory]
    [InlineData(KeyStates.Archived)]
    [InlineData(KeyStates.Standby)]
    public void A_key_that_takes_no_new_stores_takes_its_own_back(string state) =>
        Step(found with { Key = Fact.Seen<KeySnapshot?>(found.Key.ForDisplay()! with { State = state }) })
            .ShouldBeOfType<Step.Take>().Act.ShouldBe(new StoreAct.Adopt("uid", "first"));

    [Fact]
    public void A_key_that_nobody_can_ask_takes_nothing_back() =>
        Step(found with { Key = Worlds.Judged(new KeyJudgement.Unknown("Unreachable", Worlds.Noon)) })
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("KeyNotProved");

    [Fact]
    public void A_record_that_can_not_be_trusted_is_told_before_anything_else() =>
        Step(found with { Adoption = consented with { Fault = new RecordedFault("RecordNotAuthentic", "restore it") } })
            .ShouldBe(new Step.Halt("Adopted", "RecordNotAuthentic"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_revocation_closes_it_with_consent_and_without(bool isConsented)
    {
        var world = found with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon, Adoption = isConsented
            ? consented : needed };
        var plan = StorePlan.Choose(world);
        plan.Steps.OfType<Step.Take>().Select(step => step.Act).ShouldContain(new StoreAct.DenyTarget("uid"));
        plan.Steps.OfType<Step.Take>().Select(step => step.Act).ShouldNotContain(new StoreAct.Adopt("uid", "first"));
        StatusReport.Conditions(plan, world, isServing: false, 1, [], _ => throw new InvalidOperationException())
            .Any(condition => condition is { Type: "Stalled", Reason: "AdoptionNeeded" }).ShouldBe(!isConsented);
    }

    [Fact]
    public void What_was_closed_counts_as_closed() =>
        ClosingLadder.IsClosed(
            found with
            {
                Target = Fact.Seen(new TargetFacts(StoreOwnership.Earlier, [], IsDenied: true)),
                IsGranted = Fact.Seen(false),
            }).ShouldBeTrue();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_is_deleted_before_it_was_taken_back_is_let_go_and_leaves_everything(bool isPlaced) =>
        StorePlan.Choose(
            found with
            {
                IsDeleting = true,
                IsPlaced = isPlaced,
                Adoption = needed,
                DeletionPolicy = DeletionPolicies.Delete,
                IsDeletionConfirmed = true,
            })
            .Steps.OfType<Step.Take>().Select(step => step.Act).ShouldBe([new StoreAct.Release("uid")]);

    [Fact]
    public void A_pin_whose_canary_is_the_earlier_ones_closes_nothing_before_it_is_written_anew()
    {
        var ours = found.With(StoreOwnership.Ours) with
        {
            Pin = Fact.Seen<KeyPin?>(new KeyPin("k", "other", "other")),
            IsPlaced = true,
        };
        StoreVerdict.MustClose(ours).ShouldBeNull();
        StoreVerdict.MustClose(ours with { Adoption = null })!.Reason.ShouldBe("KeyReplaced");
    }

    private static Step Step(StoreWorld world) => StorePlan.Choose(world).Steps.ShouldHaveSingleItem();
}
