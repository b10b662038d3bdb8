using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Returning;

/// <summary>A store that is deleted by ReturnToShared: its data goes back first,
/// and what can't be done keeps its object.</summary>
public sealed class DeletedBackTests
{
    [Fact]
    public void Nothing_is_let_go_before_somebody_consents_and_both_ways_are_told()
    {
        var (step, message) = Next(Deleted(ReturnWorlds.Asked));
        step.ShouldBe(new Step.Halt("ReturnConfirmed", "ReturnNotConfirmed"));
        message.ShouldContain("byok.dev/confirm-return: store/key");
        message.ShouldContain("set spec.deletionPolicy to Retain");
        message.ShouldNotContain("keyRef");
    }

    [Fact]
    public void With_the_consent_it_goes_the_way_of_a_store_whose_key_was_taken_away()
    {
        Taken(Deleted(ReturnWorlds.Confirmed)).ShouldBe(new ReturnAct.Intend(ReturnWorlds.Consent));
        Taken(Deleted(ReturnWorlds.Begun))
            .ShouldBe(new MigrationAct.StartCopy("bulk-spec", 1, null, null) { IsReturn = true });
        Taken(Deleted(ReturnWorlds.Served)).ShouldBeOfType<MigrationAct.RetireBatch>();
        Taken(Deleted(ReturnWorlds.Retired) with { IsGranted = Fact.Seen(false) })
            .ShouldBe(new ReturnAct.DeleteStore("r1"));
        StorePlan.Choose(Deleted(ReturnWorlds.Confirmed)).Name.ShouldBe(StorePlan.Deleting);
    }

    [Fact]
    public void Its_object_goes_last_once_nothing_is_left()
    {
        var over = Deleted(ReturnWorlds.Retired) with
        {
            Return = null,
            IsPlaced = false,
            Migration = null,
            Binding = Fact.Seen<BindingFacts?>(null),
            IsGranted = Fact.Seen(false),
        };
        Taken(over.With(StoreOwnership.Absent)).ShouldBeOfType<StoreAct.Release>();
    }

    [Theory]
    [InlineData(StoreOwnership.Unmarked)]
    [InlineData(StoreOwnership.Stranger)]
    [InlineData(StoreOwnership.Forbidden)]
    public void A_place_that_lost_its_tag_is_not_one_that_nothing_was_moved_into(StoreOwnership ownership)
    {
        foreach (var back in (StoreWorld[])[ReturnWorlds.Asked, ReturnWorlds.Confirmed])
        {
            var lost = Deleted(back).With(ownership) with { IsPlaced = true };
            lost = lost with
            {
                Migration =
                    lost.Migration! with { Served = Fact.Seen<ServedMark?>(null), Retired = Fact.Seen<string?>(null) },
            };
            Next(lost).Step.ShouldBeOfType<Step.Halt>("its data may be there, and its object is not let go");
        }
    }

    [Fact]
    public void What_can_t_be_done_halts_and_releases_nothing()
    {
        var gone = Deleted(ReturnWorlds.Confirmed.Placed(place => place with { Exists = false }));
        Next(gone).Step.ShouldBe(new Step.Halt("SharedPlaceReady", "SharedPlaceMissing"));
        Next(gone).Message.ShouldContain("set spec.deletionPolicy to Retain");
        var refused = Deleted(ReturnWorlds.Confirmed.With(back => back with { Known = new(ReturnWorlds.Consent) })) with
        {
            Refusal = Fact.Seen<ByokOperator.Entitlements.Ruling.Refused?>(
                new("NotGranted", "the platform took it out")),
        };
        Next(refused).Step.ShouldBe(new Step.Halt("Granted", "NotGranted"));
        var unseen = Deleted(ReturnWorlds.Confirmed) with
        {
            Migration = ReturnWorlds.Confirmed.Migration! with
            {
                Served = Fact.Blind<ServedMark?>("Throttled"),
                Retired = Fact.Blind<string?>("Throttled"),
            },
        };
        Next(unseen).Step.ShouldNotBeOfType<Step.Take>();
    }

    [Fact]
    public void A_consent_that_is_taken_away_takes_back_what_was_copied_and_then_waits()
    {
        var withdrawn = Deleted(ReturnWorlds.Begun.With(back => back with { IsConfirmed = false }))
            .Placed(place => place with { IsEmpty = false });
        Taken(withdrawn).ShouldBe(new ReturnAct.ClearPlace("h1"));
        Taken(withdrawn.Placed(place => place with { IsEmpty = true })).ShouldBe(new ReturnAct.ReleasePlace("h1"));
        Taken(withdrawn.Placed(place => place with { IsEmpty = true, Hold = null }))
            .ShouldBe(new ReturnAct.GiveUp(ReturnWorlds.Consent));
        Next(Deleted(ReturnWorlds.Asked)).Step.ShouldBe(new Step.Halt("ReturnConfirmed", "ReturnNotConfirmed"));
        Taken(Deleted(ReturnWorlds.Served.With(back => back with { IsConfirmed = false })))
            .ShouldBeOfType<MigrationAct.RetireBatch>("readers were switched: it is finished");
    }

    [Fact]
    public void A_hold_that_was_taken_away_from_a_deletion_is_made_up_for_by_consenting_anew()
    {
        var (step, message) = Next(Deleted(ReturnWorlds.Begun.Placed(place => place with { Hold = null })));
        step.ShouldBe(new Step.Halt("SharedPlaceHeld", "SharedPlaceNotHeld"));
        message.ShouldContain("byok.dev/confirm-return off");
        message.ShouldNotContain("Retain");
    }

    [Fact]
    public void A_move_that_had_not_switched_has_nothing_to_give_back_and_the_place_is_retained()
    {
        var moving = Deleted(ReturnWorlds.Asked);
        moving = moving with
        {
            Migration =
                moving.Migration! with { Served = Fact.Seen<ServedMark?>(null), Retired = Fact.Seen<string?>(null) },
            Binding = Fact.Seen<BindingFacts?>(null), IsGranted = Fact.Seen(false),
            IsRetentionRecorded = Fact.Seen(false),
        };
        Taken(moving).ShouldBeOfType<StoreAct.RecordRetention>();
    }

    [Fact]
    public void What_is_under_way_is_brought_to_its_end_first()
    {
        var retiring = Deleted(ReturnWorlds.Confirmed);
        retiring = retiring with
        {
            Migration = retiring.Migration! with
            {
                Retired = Fact.Seen<string?>(null),
                Source =
                    Fact.Seen(new SourceFacts(Exists: true, IsEmpty: false, Fence: "f0", FencedSince: Worlds.Noon)),
            },
        };
        Taken(retiring).ShouldBeOfType<MigrationAct.RetireBatch>().IsReturn.ShouldBeFalse();
    }

    [Theory]
    [InlineData(DeletionPolicies.Retain)]
    [InlineData(DeletionPolicies.Delete)]
    public void Another_policy_on_the_object_that_is_deleted_is_the_way_out(string policy)
    {
        var begun = Deleted(ReturnWorlds.Begun.With(back => back with { IsConfirmed = true, IsAsked = false })) with
        {
            DeletionPolicy = policy,
        };
        begun = begun.With(back => back with { IsByDeletion = false }).Placed(place => place with { IsEmpty = false });
        Taken(begun).ShouldBe(new ReturnAct.ClearPlace("h1"));
    }

    [Fact]
    public void A_namespace_that_goes_waits_for_nobody()
    {
        var going = Deleted(ReturnWorlds.Asked) with { IsNamespaceGoing = true, IsRetentionRecorded = Fact.Seen(true) };
        Taken(going).ShouldBeOfType<StoreAct.Release>();
    }

    [Fact]
    public void A_store_whose_record_nobody_can_read_or_find_is_asked_to_go_back_all_the_same()
    {
        var written = new EncryptedStore
        {
            Metadata = new() { Name = "store", Namespace = "acme", DeletionTimestamp = Worlds.Noon },
            Spec = new EncryptedStoreSpec
            {
                KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                Aws = new AwsStore { Region = "eu-west-1" },
                Shared = new SharedLocation { Aws = new AwsSharedLocation { Bucket = "shared", Prefix = "acme/" } },
                DeletionPolicy = DeletionPolicies.ReturnToShared,
            },
        };
        ReturnWorld.Of(written, written, record: null)
            .ShouldNotBeNull().ShouldSatisfyAllConditions(
                back => back.IsByDeletion.ShouldBeTrue(), back => back.Known.ShouldBeNull());
        var retained = written with { Spec = written.Spec with { DeletionPolicy = DeletionPolicies.Retain } };
        ReturnWorld.Of(retained, retained, record: null).ShouldBeNull();
        var fault = new ByokOperator.Records.RecordedFault("RecordNotAuthentic", "somebody wrote it");
        var hurt = Deleted(ReturnWorlds.Confirmed.With(back => back with { Known = null })) with
        {
            IsPlaced = true, RecordFault = fault,
        };
        Next(hurt).Step.ShouldBe(new Step.Halt("TargetPrepared", "RecordNotAuthentic"));
    }

    [Fact]
    public void A_deletion_that_is_paused_tells_that_the_store_can_t_be_closed()
    {
        var open = Deleted(ReturnWorlds.Confirmed) with
        {
            Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon, Binding = Worlds.Closed.Binding,
            Workloads = Worlds.Closed.Workloads, IsGranted = Fact.Seen(false), IsPlaced = true,
        };
        open = open.With(StoreOwnership.Stranger);
        StorePlan.Choose(open).Name.ShouldBe(StorePlan.Deleting, "deleting it is what people do about that");
        var plan = StorePlan.Choose(open with { IsPaused = true });
        (plan.Name, plan.Steps.OfType<Step.Halt>().First().Reason).ShouldBe((StorePlan.Closing, "TargetNotOurs"));
    }

    [Fact]
    public void A_key_that_is_revoked_closes_it_first_and_then_keeps_its_object()
    {
        var revoked = Deleted(ReturnWorlds.Confirmed) with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon };
        StorePlan.Choose(revoked).Name.ShouldBe(StorePlan.Closing);
        var closed = revoked with
        {
            Target = Worlds.Closed.Target,
            IsGranted = Fact.Seen(false),
            Workloads = Worlds.Closed.Workloads,
            Binding = Worlds.Closed.Binding,
            Closure = Worlds.Closed.Closure,
        };
        Next(closed).Step.ShouldBe(new Step.Halt("ReturnConfirmed", "NothingToReturn"));
        Next(closed).Message.ShouldContain("set spec.deletionPolicy to Retain");
    }

    private static StoreWorld Deleted(StoreWorld world) => world.With(back => back with { IsByDeletion = true }) with
    {
        IsDeleting = true, DeletionPolicy = DeletionPolicies.ReturnToShared, IsClaimed = true,
    };

    private static (Step Step, string Message) Next(StoreWorld world)
    {
        var plan = StorePlan.Choose(world);
        var rung = plan.Rungs.Select(one => one.Look(world))
            .FirstOrDefault(finding => finding is not (Finding.Holds or Finding.Deferred));
        return (plan.Steps.ShouldHaveSingleItem(), rung is Finding.Stuck stuck ? stuck.Message : "");
    }

    private static Act Taken(StoreWorld world) => Next(world).Step.ShouldBeOfType<Step.Take>().Act;
}
