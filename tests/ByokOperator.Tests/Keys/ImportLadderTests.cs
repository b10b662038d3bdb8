using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Tenants;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class ImportLadderTests
{
    private const string Region = "eu-west-1";
    private static readonly DateTimeOffset now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly KeyRef reference = new(Region, $"arn:aws:kms:{Region}:111122223333:key/1");
    private static readonly ImportedKey empty = new(reference, ImportedKeyState.PendingImport, null, null, now);
    private static readonly ImportedKey full = new(reference, ImportedKeyState.Enabled, "m1", new MaterialExpiry.Never(), now);

    [Fact]
    public void Nothing_is_made_before_what_was_handed_over_is_good()
    {
        Step(World(key: null, upload: new Upload.Absent("put it there"))).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("NotUploaded");
        Step(World(key: null, upload: new Upload.Refused("KeyHashMismatch", "no"))).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyHashMismatch");
    }

    [Fact]
    public void A_good_secret_gets_a_key() => Act(World(key: null)).ShouldBe(new KeyAct.CreateKey(Region, now));

    [Fact]
    public void An_interrupted_creation_is_resumed_not_repeated() =>
        Act(World(key: null, note: now - TimeSpan.FromMinutes(1))).ShouldBe(new KeyAct.ResumeCreation(Region, now - TimeSpan.FromMinutes(1)));

    [Fact]
    public void A_key_without_material_gets_the_one_that_was_checked() =>
        Act(World(empty)).ShouldBe(new KeyAct.ImportMaterial(Region, reference.Id, "f1", null));

    [Fact]
    public void Another_secret_than_the_first_is_never_imported()
    {
        var halt = Step(World(empty, fingerprint: "f0")).ShouldBeOfType<Step.Halt>();

        (halt.Rung, halt.Reason).ShouldBe(("MaterialValid", "KeyReplaced"));
    }

    [Fact]
    public void Material_that_the_cloud_lost_is_asked_for_by_name()
    {
        var halt = Step(World(empty, upload: new Upload.Absent("put it there"), fingerprint: "f1")).ShouldBeOfType<Step.Halt>();

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
        Act(World(full with { Expiry = new MaterialExpiry.At(now.AddDays(30)) })).ShouldBe(new KeyAct.ImportMaterial(Region, reference.Id, "f1", "m1"));

    [Fact]
    public void What_an_interrupted_creation_left_is_swept_once_the_cloud_lists_it()
    {
        var young = now - TimeSpan.FromMinutes(4);
        var old = now - TimeSpan.FromMinutes(6);

        ImportLadder.CreationSettled(World(full, note: young)).ShouldBeOfType<Finding.Pending>().Recheck.ShouldBe(TimeSpan.FromMinutes(1));
        ImportLadder.CreationSettled(World(full, note: old)).ShouldBeOfType<Finding.Lacks>().Remedy.ShouldBe(new KeyAct.SweepKeys(Region, old, reference.Id));
        ImportLadder.CreationSettled(World(full)).ShouldBeOfType<Finding.Holds>();
    }

    [Fact]
    public void A_typed_revocation_takes_the_material_though_the_spec_is_wrong_and_the_object_paused()
    {
        var world = World(full) with { State = KeyStates.Revoked, IsRevocationConfirmed = true, Violations = ["spec: wrong"], IsPaused = true };

        Act(world).ShouldBe(new KeyAct.WithdrawMaterial(Region, reference.Id));
    }

    [Fact]
    public void A_revoked_key_imports_nothing_back()
    {
        var world = World(empty) with { State = KeyStates.Revoked, IsRevocationConfirmed = true };

        Step(world).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("RevokedByTenant");
    }

    [Fact]
    public void On_standby_a_good_secret_goes_nowhere() => Step(World(key: null) with { State = KeyStates.Standby }).ShouldBeOfType<Step.Rest>();

    [Fact]
    public void A_standby_that_was_active_before_keeps_its_key_alive() =>
        Act(World(empty, used: true, fingerprint: "f1") with { State = KeyStates.Standby }).ShouldBeOfType<KeyAct.ImportMaterial>();

    [Fact]
    public void A_deleted_object_takes_its_key_along_before_it_goes()
    {
        var deleting = World(full) with { IsDeleting = true };

        Act(deleting).ShouldBe(new KeyAct.DestroyKey(Region, reference.Id));
        Act(World(full with { State = ImportedKeyState.PendingDeletion }) with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();
        Step(World(key: null, note: now) with { IsDeleting = true }).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("CreationNotSettled");
    }

    [Fact]
    public void A_namespace_that_goes_leaves_the_key_alone_that_retained_data_stands_under_or_may()
    {
        var going = World(full) with { IsDeleting = true, IsNamespaceGoing = true };

        Act(going with { Retained = Fact.Seen<IReadOnlyList<string>>(["bucket left"]) }).ShouldBeOfType<KeyAct.Release>();
        Act(going with { Retained = Fact.Blind<IReadOnlyList<string>>("AccessDenied") }).ShouldBeOfType<KeyAct.Release>();
        Act(going).ShouldBe(new KeyAct.DestroyKey(Region, reference.Id));
        Step(going with { IsNamespaceGoing = false, Retained = Fact.Seen<IReadOnlyList<string>>(["bucket left"]) }).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyInUse");
    }

    [Fact]
    public void A_key_whose_object_is_gone_is_asked_as_long_as_a_store_was_put_under_it()
    {
        var left = World(full) with { IsRecordedOnly = true, IsClaimed = false };

        Act(left with { IsNeeded = false, Import = null }).ShouldBe(new KeyAct.EndRecord("uid"));
        Step(left).ShouldNotBeOfType<Step.Take>();
    }

    [Fact]
    public void A_key_of_ours_whose_object_is_gone_goes_after_the_last_place_that_was_made_under_it()
    {
        Act(Left(World(full))).ShouldBe(new KeyAct.DestroyKey(Region, reference.Id));
        var isGoing = full with { State = ImportedKeyState.PendingDeletion };
        Act(Left(World(isGoing))).ShouldBe(new KeyAct.EndRecord("uid"));
        Act(Left(World(key: null))).ShouldBe(new KeyAct.EndRecord("uid"));
        ReasonOf(Left(World(key: null, note: now))).ShouldBe("CreationNotSettled");
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

        var consented = World(full) with { Adoption = new Takeover("first", IsConsented: true, "write it") };
        Act(consented).ShouldBe(new KeyAct.Adopt("uid", "first"));
        Act(consented with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>("it is not this one's yet");
        Act(consented with { State = KeyStates.Revoked, IsRevocationConfirmed = true }).ShouldBeOfType<KeyAct.WithdrawMaterial>("revoking waits for nobody");
    }

    [Fact]
    public void What_another_object_took_back_ends_with_its_record_and_not_with_its_key()
    {
        var left = World(full) with { IsRecordedOnly = true, IsClaimed = false, IsNeeded = false, IsSuperseded = true };
        Act(left).ShouldBe(new KeyAct.EndRecord("uid"));
    }

    [Fact]
    public void A_place_where_nothing_stands_yet_is_untouched_and_gets_its_key_with_the_material()
    {
        var awaited = empty with { Stands = false };

        Act(World(awaited)).ShouldBe(new KeyAct.ImportMaterial(Region, reference.Id, "f1", null));
        Step(World(awaited) with { State = KeyStates.Standby }).ShouldBeOfType<Step.Rest>();
        Act(World(awaited) with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();
    }

    [Fact]
    public void A_key_of_somebody_elses_is_neither_used_nor_destroyed()
    {
        var foreign = empty with { State = ImportedKeyState.Foreign };

        Step(World(foreign)).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyNameTaken");
        Act(World(foreign) with { IsDeleting = true }).ShouldBeOfType<KeyAct.Release>();
    }

    [Fact]
    public void A_deletion_that_importing_takes_back_waits_for_the_material()
    {
        var deleted = full with { State = ImportedKeyState.PendingDeletion, Expiry = null };

        Step(World(deleted)).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyPendingDeletion");
        Act(World(deleted with { IsRecoverable = true })).ShouldBe(new KeyAct.ImportMaterial(Region, reference.Id, "f1", "m1"));
    }

    [Fact]
    public void A_key_in_use_is_not_destroyed() =>
        Step(World(full) with { IsDeleting = true, Users = Fact.Seen<IReadOnlyList<string>>(["store"]) }).ShouldBeOfType<Step.Halt>().Reason.ShouldBe("KeyInUse");

    [Fact]
    public void Of_a_key_that_the_platform_took_back_nothing_is_made_and_nothing_imported()
    {
        var refused = Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform"));
        Step(World(key: null) with { Refusal = refused }).ShouldBe(new Step.Halt("Granted", "NotGranted"));
        Step(World(empty) with { Refusal = refused }).ShouldBe(new Step.Halt("Granted", "NotGranted"));
        Step(World(empty) with { Refusal = Fact.Blind<Ruling.Refused?>("LookFailed") }).ShouldBeOfType<Step.Wait>().Rung.ShouldBe("Granted");
        KeyLadder.Choose(World(key: null) with { Refusal = refused, IsHeldOff = true }).LookAgainWithin.ShouldBeNull();
    }

    [Fact]
    public void A_key_that_was_taken_back_still_gives_its_material_back_and_keeps_its_clocks()
    {
        var refused = World(full) with { Refusal = Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform")) };
        Act(refused with { State = KeyStates.Revoked, IsRevocationConfirmed = true }).ShouldBeOfType<KeyAct.WithdrawMaterial>();
        Act(refused with { Regions = [refused.Regions[0] with { KeyId = Fact.Seen<string?>(reference.Id), Answer = Fact.Blind<KeyAnswer>("Unreachable") }] }).ShouldBeOfType<KeyAct.StartClock>();
    }

    private static Step Step(KeyWorld world) => KeyLadder.Choose(world).Steps.ShouldHaveSingleItem();

    private static Act Act(KeyWorld world) => Step(world).ShouldBeOfType<Step.Take>().Act;

    private static KeyWorld World(ImportedKey? key, Upload? upload = null, DateTimeOffset? note = null, bool used = false, string? fingerprint = null) =>
        World(Fact.Seen(key), upload, note, used, fingerprint);

    /// <summary>Everything below the import holds, so that the first thing to do is the import's.</summary>
    private static KeyWorld World(Fact<ImportedKey?> key, Upload? upload = null, DateTimeOffset? note = null, bool used = false, string? fingerprint = null) => KeyWorlds.Good with
    {
        Now = now,
        Regions =
        [
            new KeyRegion
            {
                Region = Region,
                KeyId = Fact.Seen<string?>(null),
                Answer = Fact.Blind<KeyAnswer>("NotImported"),
                Canary = Fact.Seen<StoredCanary?>(null),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null),
                RevokedSince = Fact.Seen<DateTimeOffset?>(now),
            },
        ],
        Import = new ImportWorld
        {
            Regions = [new ImportRegion(Region, Fact.Seen(note), key, Fact.Seen(used))],
            Upload = Fact.Seen(upload ?? new Upload.Ready("f1")),
            Fingerprint = Fact.Seen(fingerprint),
            Expiry = new MaterialExpiry.Never(),
            Settling = TimeSpan.FromMinutes(5),
        },
    };
}
