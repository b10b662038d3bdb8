using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Keys.GenerationLadderTests;
using static ByokOperator.Tests.Keys.ImportWorlds;

namespace ByokOperator.Tests.Keys;

/// <summary>A key of several generations works with all of its materials or not at all: lost, revoked, expired,
/// and back.</summary>
public sealed class ManyMaterialsTests
{
    private static readonly HeldMaterial first =
        new("m1", MaterialUse.Earlier, IsImported: true, new MaterialExpiry.Never());
    private static readonly HeldMaterial second =
        new("m2", MaterialUse.Current, IsImported: true, new MaterialExpiry.Never()) { RotatedAt = Now };
    private static readonly HeldMaterial[] gone = [Gone(first), Gone(second)];

    [Fact]
    public void Each_missing_material_is_taken_in_whatever_order_it_comes_and_the_rest_is_asked_for_by_name()
    {
        ActOf(Back("f2", gone)).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f2", "m2"));
        ActOf(Back("f1", gone)).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", "m1"));
        var half = Back("f2", Gone(first), second);
        StepOf(half).ShouldBe(new Step.Halt("MaterialValid", "MaterialMissing"));
        var told = ImportLadder.MaterialValid(half).ShouldBeOfType<Finding.Stuck>().Message;
        told.ShouldContain("generation 1 (fingerprint f1)");
        told.ShouldNotContain("fingerprint f2");
        ActOf(Back("f1", Gone(first), second)).ShouldBeOfType<KeyAct.ImportMaterial>();
    }

    [Fact]
    public void What_is_none_of_them_is_not_taken_while_one_is_missing_raised_or_not()
    {
        StepOf(Back("f3", gone)).ShouldBe(new Step.Halt("MaterialValid", "KeyReplaced"));
        var raised = Back("f3", gone);
        StepOf(raised with { Import = raised.Import! with { Generation = 3 } })
            .ShouldBe(new Step.Halt("MaterialValid", "MaterialMissing"));
    }

    [Fact]
    public void A_region_that_is_added_gets_the_newest_material_alone()
    {
        StepOf(World(2, Noted("f1", "f2"), [], new Upload.Ready("f1"), Empty))
            .ShouldBe(new Step.Halt("MaterialValid", "MaterialMissing"));
        ActOf(World(2, Noted("f1", "f2"), [], new Upload.Ready("f2"), Empty))
            .ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f2", null));
        IReadOnlyList<KeyRecordMaterial> bound =
            [Bound("f1")[0].Under("eu-central-1", "m1"), new KeyRecordMaterial(2, "f2", Now).Under(Region, "m9")];
        StepOf(World(2, bound, [second with { Id = "m9", RotatedAt = null }], new Upload.Absent("")))
            .ShouldBeOfType<Step.Rest>("it needs no other");
    }

    [Fact]
    public void Revoking_goes_on_until_no_material_is_left_though_the_key_is_off_already()
    {
        var revoked = Back("f2", first, Gone(second)) with { State = KeyStates.Revoked, IsRevocationConfirmed = true };
        revoked =
            revoked with { Regions = [revoked.Regions[0] with { RevokedSince = Fact.Seen<DateTimeOffset?>(Now) }] };
        ActOf(revoked).ShouldBe(new KeyAct.WithdrawMaterial(Region, Reference.Id));
        StepOf(revoked with { Import = Back("f2", gone).Import })
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("RevokedByTenant");
    }

    [Fact]
    public void Another_expiry_asks_for_each_material_that_stands_with_another_one()
    {
        var end = new MaterialExpiry.At(Now.AddDays(90));
        var world = World(2, Noted("f1", "f2"), [first, second with { Expiry = end }], new Upload.Ready("f1"));
        ActOf(world with { Import = world.Import! with { Expiry = end } })
            .ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", "m1"));
        StepOf(
            world with
            {
                Import = world.Import! with { Expiry = end, Upload = Fact.Seen<Upload>(new Upload.Ready("f2")) },
            }).ShouldBe(new Step.Halt("MaterialValid", "MaterialMissing"));
    }

    [Fact]
    public void The_earliest_end_of_all_materials_is_the_key_s_and_one_that_is_pending_does_not_count()
    {
        var pending = new HeldMaterial("m3", MaterialUse.PendingRotation, IsImported: true,
            new MaterialExpiry.At(Now.AddDays(1)));
        var world = World(2, Noted("f1", "f2"),
            [first with { Expiry = new MaterialExpiry.At(Now.AddDays(5)) }, second, pending], new Upload.Absent(""));
        MaterialExpiryWarning.FirstEnd(world).ShouldBe(Now.AddDays(5));
    }

    [Fact]
    public void The_status_names_each_material_the_generation_in_use_and_what_is_missing()
    {
        var shown = Shown(World(2, Noted("f1", "f2"), [Gone(first), second], new Upload.Absent(""), Empty));
        shown.Generation.ShouldBe(2);
        shown.MissingGenerations.ShouldBe([1]);
        shown.Keys!.ShouldHaveSingleItem().Materials!.Select(one =>
            (one.Generation, one.Id, one.Fingerprint, one.State, one.Since))
            .ShouldBe([(1, "m1", "f1", "Missing", Now), (2, "m2", "f2", "Current", Now)]);
        Shown(World(2, Noted("f1", "f2"), [first, second], new Upload.Absent(""))).MissingGenerations.ShouldBeNull();
        Shown(KeyWorlds.Good).Generation.ShouldBeNull("the tenant keeps it");
    }

    [Fact]
    public void What_can_t_be_seen_of_the_materials_stays_as_it_was_shown()
    {
        var world = World(2, Noted("f1", "f2"), [Gone(first), second], new Upload.Absent(""), Empty);
        var shown = Shown(world);
        var blind = world with
        {
            Import = world.Import! with
            {
                Regions =
                    [world.Import.Regions[0] with { Listed = Fact.Blind<IReadOnlyList<HeldMaterial>>("Throttled") }],
            },
        };
        var next = Shown(blind, shown);
        (next.Generation, next.MissingGenerations,
            next.Keys![0].Materials).ShouldBe((shown.Generation, shown.MissingGenerations, shown.Keys![0].Materials));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(1, 2)]
    public void Raises_are_followed_however_many_were_made_between_two_looks_and_no_way_back_is(int asked, int followed)
    {
        var record = KeyRecord.New(new RecordOwner("acme", "key", "u")) with { Materials = Noted("f1", "f2") };
        var key = new TenantEncryptionKey
        {
            Metadata = new ObjectMeta { Name = "key", Namespace = "acme", Uid = "u" },
            Spec = new()
            {
                Imported = new ImportedSource { Aws = new AwsImport { Regions = [Region] }, Generation = asked },
            },
        };
        var standing = PinnedKeySpec.Of(key, record);
        standing.Spec.Imported!.Generation.ShouldBe(followed);
        KeyRules.CheckChange(standing.Spec, key.Spec).Count.ShouldBe(asked == followed ? 0 : 1);
    }

    [Fact]
    public void A_key_of_two_materials_that_was_taken_back_without_its_record_takes_both_and_tells_which_is_which()
    {
        var lost = World(2, [], gone, new Upload.Ready("f1"), Empty);
        ActOf(lost).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f1", null), "the cloud can tell");
        var half = World(2, [new KeyRecordMaterial(1, "f1", Now).Under(Region, "m1")], [first, Gone(second)],
            new Upload.Ready("f2"), Empty);
        ActOf(half).ShouldBe(new KeyAct.ImportMaterial(Region, Reference.Id, "f2", "m2"));
    }

    private static HeldMaterial Gone(HeldMaterial material) => material with { IsImported = false, Expiry = null };

    private static KeyWorld Back(string handedOver, params HeldMaterial[] held) =>
        World(2, Noted("f1", "f2"), held, new Upload.Ready(handedOver), Empty);

    private static TenantEncryptionKeyStatus Shown(KeyWorld world, TenantEncryptionKeyStatus? before = null) =>
        KeyStatusReport.Of(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = "acme", Uid = "uid" },
                Status = before,
            }, world, standing: null, [], []);
}
