using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Keys.ImportWorlds;

namespace ByokOperator.Tests.Keys;

public sealed class ImportLadderTests
{
    [Fact]
    public void Nothing_is_made_before_what_was_handed_over_is_good()
    {
        Step(World(key: null, upload: new Upload.Absent("put it there")))
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("NotUploaded");
        Step(World(key: null, upload: new Upload.Refused("KeyHashMismatch", "no")))
            .ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyHashMismatch");
    }

    [Fact]
    public void A_good_secret_gets_a_key() => Act(World(key: null)).ShouldBe(new KeyAct.CreateKey(Region, Now));

    [Fact]
    public void An_interrupted_creation_is_resumed_not_repeated() =>
        Act(World(key: null, note: Now - TimeSpan.FromMinutes(1)))
            .ShouldBe(new KeyAct.ResumeCreation(Region, Now - TimeSpan.FromMinutes(1)));

    [Fact]
    public void A_key_without_material_gets_the_one_that_was_checked() =>
        Act(World(Empty)).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", null));

    [Fact]
    public void Another_secret_than_the_first_is_never_imported()
    {
        var halt = Step(World(Empty, fingerprint: "f0")).ShouldBeOfType<Step.Halt>();

        (halt.Rung, halt.Reason).ShouldBe(("MaterialValid", "KeyReplaced"));
    }

    [Fact]
    public void Material_that_the_cloud_lost_is_asked_for_by_name()
    {
        var halt = Step(World(Empty, upload: new Upload.Absent("put it there"), fingerprint: "f1"))
            .ShouldBeOfType<Step.Halt>();

        (halt.Rung, halt.Reason).ShouldBe(("MaterialValid", "MaterialMissing"));
    }

    [Fact]
    public void No_other_key_takes_the_place_of_one_that_data_stands_under() =>
        Step(World(key: null, used: true)).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyMissing");

    [Fact]
    public void A_key_that_could_not_be_looked_for_is_neither_made_nor_imported() =>
        Step(World(Fact.Blind<ImportedKey?>("Unreachable"))).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Unreachable");

    [Fact]
    public void Another_expiry_is_another_import() =>
        Act(World(Full with { Expiry = new MaterialExpiry.At(Now.AddDays(30)) }))
            .ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", "m1"));

    [Fact]
    public void What_an_interrupted_creation_left_is_swept_once_the_cloud_lists_it()
    {
        var young = Now - TimeSpan.FromMinutes(4);
        var old = Now - TimeSpan.FromMinutes(6);

        ImportLadder.CreationSettled(World(Full, note: young))
            .ShouldBeOfType<Finding.Pending>().Recheck.ShouldBe(TimeSpan.FromMinutes(1));
        ImportLadder.CreationSettled(World(Full, note: old))
            .ShouldBeOfType<Finding.Lacks>().Remedy.ShouldBe(new KeyAct.SweepKeys(Region, old, Reference.Id));
        ImportLadder.CreationSettled(World(Full)).ShouldBeOfType<Finding.Holds>();
    }

    [Fact]
    public void A_typed_revocation_takes_the_material_though_the_spec_is_wrong_and_the_object_paused()
    {
        var world = World(Full) with
        {
            State = KeyStates.Revoked,
            IsRevocationConfirmed = true,
            Violations = ["spec: wrong"],
            IsPaused = true,
        };

        Act(world).ShouldBe(new KeyAct.WithdrawMaterial(Region, Reference.Id));
    }

    [Fact]
    public void A_revoked_key_imports_nothing_back()
    {
        var world = World(Empty) with { State = KeyStates.Revoked, IsRevocationConfirmed = true };

        Step(world).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("RevokedByTenant");
    }

    [Fact]
    public void On_standby_a_good_secret_goes_nowhere() =>
        Step(World(key: null) with { State = KeyStates.Standby }).ShouldBeOfType<Step.Rest>();

    [Fact]
    public void A_standby_that_was_active_before_keeps_its_key_alive() =>
        Act(World(Empty, used: true, fingerprint: "f1") with { State = KeyStates.Standby })
            .ShouldBeOfType<KeyAct.ImportMaterial>();

    [Fact]
    public void A_deleted_object_takes_its_key_along_before_it_goes()
    {
        var deleting = World(Full) with { IsDeleting = true };

        Act(deleting).ShouldBe(new KeyAct.DestroyKey(Region, Reference.Id));
        Act(World(Full with { State = ImportedKeyState.PendingDeletion }) with { IsDeleting = true })
            .ShouldBeOfType<KeyAct.Release>();
        Step(World(key: null, note: Now) with { IsDeleting = true })
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("CreationNotSettled");
    }

    [Fact]
    public void A_namespace_that_goes_leaves_the_key_alone_that_retained_data_stands_under_or_may()
    {
        var going = World(Full) with { IsDeleting = true, IsNamespaceGoing = true };

        Act(going with { Retained = Fact.Seen<IReadOnlyList<string>>(["bucket left"]) })
            .ShouldBeOfType<KeyAct.Release>();
        Act(going with { Retained = Fact.Blind<IReadOnlyList<string>>("AccessDenied") })
            .ShouldBeOfType<KeyAct.Release>();
        Act(going).ShouldBe(new KeyAct.DestroyKey(Region, Reference.Id));
        Step(going with { IsNamespaceGoing = false, Retained = Fact.Seen<IReadOnlyList<string>>(["bucket left"]) })
            .ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyInUse");
    }

    [Fact]
    public void A_key_whose_object_is_gone_is_asked_as_long_as_a_store_was_put_under_it()
    {
        var left = World(Full) with { IsRecordedOnly = true, IsClaimed = false };

        Act(left with { IsNeeded = false, Import = null }).ShouldBe(new KeyAct.EndRecord("uid"));
        Step(left).ShouldNotBeOfType<Step.Take>();
    }

    [Fact]
    public void A_key_of_ours_whose_object_is_gone_goes_after_the_last_place_that_was_made_under_it()
    {
        Act(Left(World(Full))).ShouldBe(new KeyAct.DestroyKey(Region, Reference.Id));
        var isGoing = Full with { State = ImportedKeyState.PendingDeletion };
        Act(Left(World(isGoing))).ShouldBe(new KeyAct.EndRecord("uid"));
        Act(Left(World(key: null))).ShouldBe(new KeyAct.EndRecord("uid"));
        ReasonOf(Left(World(key: null, note: Now))).ShouldBe("CreationNotSettled");
        ReasonOf(Left(World(Fact.Blind<ImportedKey?>("Unreachable")))).ShouldBe("Unreachable");

        static KeyWorld Left(KeyWorld world) =>
            world with { IsRecordedOnly = true, IsClaimed = false, IsNeeded = false };

        static string ReasonOf(KeyWorld world) => Step(world).ShouldBeOfType<Step.Wait>().Reason;
    }

    [Fact]
    public void What_an_earlier_object_left_is_taken_back_with_consent_and_nothing_is_made_or_ended_without()
    {
        var needed = World(key: null) with { Adoption = new Takeover("first", IsConsented: false, "write it") };
        Step(needed).ShouldBe(new Step.Halt("Adopted", "AdoptionNeeded"));
        Step(needed with { State = KeyStates.Standby }).ShouldBe(new Step.Halt("Adopted", "AdoptionNeeded"));
        Act(needed with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();

        var consented = World(Full) with { Adoption = new Takeover("first", IsConsented: true, "write it") };
        Act(consented).ShouldBe(new KeyAct.Adopt("uid", "first"));
        Act(consented with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>("it is not this one's yet");
        Act(consented with { State = KeyStates.Revoked, IsRevocationConfirmed = true })
            .ShouldBeOfType<KeyAct.WithdrawMaterial>("revoking waits for nobody");
    }

    [Fact]
    public void What_another_object_took_back_ends_with_its_record_and_not_with_its_key()
    {
        var left = World(Full) with { IsRecordedOnly = true, IsClaimed = false, IsNeeded = false, IsSuperseded = true };
        Act(left).ShouldBe(new KeyAct.EndRecord("uid"));
    }

    [Fact]
    public void A_place_where_nothing_stands_yet_is_untouched_and_gets_its_key_with_the_material()
    {
        var awaited = Empty with { Stands = false };

        Act(World(awaited)).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", null));
        Step(World(awaited) with { State = KeyStates.Standby }).ShouldBeOfType<Step.Rest>();
        Act(World(awaited) with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();
    }

    [Fact]
    public void A_key_of_somebody_elses_is_neither_used_nor_destroyed()
    {
        var foreign = Empty with { State = ImportedKeyState.Foreign };

        Step(World(foreign)).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyNameTaken");
        Act(World(foreign) with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();
    }

    [Fact]
    public void A_deletion_that_importing_takes_back_waits_for_the_material()
    {
        var deleted = Full with { State = ImportedKeyState.PendingDeletion, Expiry = null };

        Step(World(deleted)).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyPendingDeletion");
        Act(World(deleted with { IsRecoverable = true }))
            .ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", "m1"));
    }

    [Fact]
    public void A_key_in_use_is_not_destroyed() =>
        Step(World(Full) with { IsDeleting = true, Users = Fact.Seen<IReadOnlyList<string>>(["store"]) })
            .ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyInUse");

    [Fact]
    public void Of_a_key_that_the_platform_took_back_nothing_is_made_and_nothing_imported()
    {
        var refused = Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform"));
        Step(World(key: null) with { Refusal = refused }).ShouldBe(new Step.Halt("Granted", "NotGranted"));
        Step(World(Empty) with { Refusal = refused }).ShouldBe(new Step.Halt("Granted", "NotGranted"));
        Step(World(Empty) with { Refusal = Fact.Blind<Ruling.Refused?>("LookFailed") })
            .ShouldBeOfType<Step.Wait>().Rung.ShouldBe("Granted");
        KeyLadder.Choose(World(key: null) with { Refusal = refused, IsHeldOff = true }).LookAgainWithin.ShouldBeNull();
    }

    [Fact]
    public void A_key_that_was_taken_back_still_gives_its_material_back_and_keeps_its_clocks()
    {
        var refused = World(Full) with { Refusal = Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform")) };
        Act(refused with { State = KeyStates.Revoked, IsRevocationConfirmed = true })
            .ShouldBeOfType<KeyAct.WithdrawMaterial>();
        Act(
            refused with
            {
                Regions =
                [
                    refused.Regions[0] with
                    {
                        KeyId = Fact.Seen<string?>(Reference.Id),
                        Answer = Fact.Blind<KeyAnswer>("Unreachable"),
                    },
                ],
            }).ShouldBeOfType<KeyAct.StartClock>();
    }

    [Fact]
    public void A_key_that_is_deleted_while_in_use_and_then_revoked_gives_its_material_back_at_once()
    {
        var revoked = World(Full) with
        {
            IsDeleting = true,
            State = KeyStates.Revoked,
            IsRevocationConfirmed = true,
            Users = Fact.Seen<IReadOnlyList<string>>(["store"]),
        };

        Act(revoked).ShouldBe(new KeyAct.WithdrawMaterial(Region, Reference.Id));
        Act(revoked with { IsPaused = true }).ShouldBeOfType<KeyAct.WithdrawMaterial>();
        Step(revoked with { Import = World(Empty).Import })
            .ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyInUse", "and then it waits for the store as before");
    }

    [Fact]
    public void A_key_that_was_revoked_gives_its_material_back_though_its_object_was_taken_away_by_force()
    {
        var left = World(Full) with
        {
            IsRecordedOnly = true,
            IsClaimed = false,
            State = KeyStates.Revoked,
            IsRevocationConfirmed = true,
        };

        Act(left).ShouldBe(new KeyAct.WithdrawMaterial(Region, Reference.Id));
        Step(left with { Import = World(Empty).Import }).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("RevokedByTenant");
        Step(left with { HasSuccessor = true })
            .ShouldBeOfType<Step.Wait>().Reason
            .ShouldBe("RevokedByTenant", "the key is another object's by now, or may become it");
    }

    private static Step Step(KeyWorld world) => StepOf(world);

    private static Act Act(KeyWorld world) => ActOf(world);
}
