using Byok.Material;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Keys.ImportWorlds;

namespace ByokOperator.Tests.Keys;

/// <summary>A key that goes from one generation of material to the next, fact by fact.</summary>
public sealed class GenerationLadderTests
{
    private static readonly HeldMaterial first =
        new("m1", MaterialUse.Current, IsImported: true, new MaterialExpiry.Never());
    private static readonly HeldMaterial second = first with { Id = "m2", RotatedAt = Now };
    private static readonly HeldMaterial pending =
        new("m2", MaterialUse.PendingRotation, IsImported: true, new MaterialExpiry.Never());
    private static readonly IReadOnlyList<HeldMaterial> both = [first with { Use = MaterialUse.Earlier }, second];

    [Fact]
    public void A_raise_waits_for_new_material_and_holds_nothing_up()
    {
        foreach (var upload
            in (Upload[])[new Upload.Absent("put it there"), new Upload.Ready("f1"),
                new Upload.Refused(RefusalCodes.WrappingKeyExpired, "used up")])
        {
            var world = World(2, Noted("f1"), [first], upload);
            StepOf(world).ShouldBeOfType<Step.Rest>();
            GenerationLadder.GenerationFollowed(world)
                .ShouldBeOfType<Finding.Deferred>().Reason.ShouldBe("NewMaterialAwaited");
        }
    }

    [Fact]
    public void The_next_upload_after_a_raise_is_new_material_and_without_one_it_is_nothing()
    {
        ActOf(World(2, Noted("f1"), [first], new Upload.Ready("f2")))
            .ShouldBe(new KeyAct.ImportNewMaterial(Region, Reference.Id, "f2", 2));
        StepOf(World(1, Noted("f1"), [first], new Upload.Ready("f2"))).ShouldBeOfType<Step.Rest>();
        ReasonOf(World(2, Noted("f1"), [first], new Upload.Ready("f2"))).ShouldBe("NewMaterialNotImported");
    }

    [Fact]
    public void What_is_wrong_with_a_new_upload_is_told_and_holds_nothing_else_up()
    {
        var world = World(2, Noted("f1"), [first], new Upload.Refused("KeyHashMismatch", "no"));
        StepOf(world).ShouldBe(new Step.Halt("GenerationFollowed", "KeyHashMismatch"));
        ActOf(
            world with
            {
                Regions = [world.Regions[0] with { Answer = Fact.Seen(KeyWorlds.Usable with { Version = "m0" }) }],
            }).ShouldBeOfType<KeyAct.AcceptVersion>();
    }

    [Fact]
    public void Material_of_an_earlier_generation_is_refused_as_new() =>
        StepOf(World(3, Noted("f1", "f2"), both, new Upload.Ready("f1")))
            .ShouldBe(new Step.Halt("GenerationFollowed", "MaterialKnown"));

    [Fact]
    public void What_was_begun_is_imported_in_every_region_before_it_is_current_in_any()
    {
        var begun = World(2, Noted("f1", null, "f2"), [first], new Upload.Ready("f2"));
        ActOf(begun).ShouldBe(new KeyAct.ImportNewMaterial(Region, Reference.Id, "f2", 2));
        var here = begun.Import!.Regions[0] with { Listed = Seen(first, pending) };
        var two = begun with
        {
            Import = begun.Import with { Bound = Fact.Seen(Noted("f1", "f2")), Regions = [here, Elsewhere(first)] },
        };
        ActOf(two).ShouldBe(new KeyAct.ImportNewMaterial("eu-central-1", Reference.Id, "f2", 2));
        var everywhere = two with
        {
            Import = two.Import! with
            {
                Regions = [here, Elsewhere(first, pending)],
                Upload = Fact.Seen<Upload>(new Upload.Absent("")),
            },
        };
        ActOf(everywhere)
            .ShouldBe(new KeyAct.RotateMaterial(Region, Reference.Id, 2), "the upload is not needed any more");
    }

    [Fact]
    public void What_is_under_way_is_brought_to_its_end_before_another_raise_begins_the_next()
    {
        var raised = World(3, Noted("f1", "f2"), [first, pending], new Upload.Ready("f3"));
        var here = raised.Import!.Regions[0];
        Finding Found(params ImportRegion[] regions) => GenerationLadder.NewMaterialImported(
            raised with { Import = raised.Import with { Regions = regions } });
        Found(here, Elsewhere(first))
            .ShouldBeOfType<Finding.Stuck>().Message.ShouldContain("generation 2 (fingerprint f2)");
        Found(here, Elsewhere(first, pending)).ShouldBe(Finding.Holds.Now, "it is made current next");
        Found(here with { Listed = Seen([.. both]) }, Elsewhere(first, pending)).ShouldBe(Finding.Holds.Now);
        Found(here with { Listed = Seen([.. both]) }, Elsewhere(first)).ShouldBeOfType<Finding.Stuck>();
        Found(here with { Listed = Seen(first) }, Elsewhere(first)).ShouldBeOfType<Finding.Lacks>(
            "no region has the second: it was taken away before it was current");
        Found(here with { Listed = Seen([.. both]) }, Elsewhere([.. both])).ShouldBeOfType<Finding.Lacks>();
        GenerationLadder.GenerationFollowed(raised).ShouldBeOfType<Finding.Deferred>().Message
            .ShouldContain("is on its way");
    }

    [Fact]
    public void New_material_that_did_not_get_everywhere_is_asked_for_by_its_fingerprint()
    {
        var world = World(2, Noted("f1", null, "f2"), [first], new Upload.Absent(""));
        StepOf(world).ShouldBe(new Step.Halt("NewMaterialImported", "NewMaterialMissing"));
        GenerationLadder.NewMaterialImported(world)
            .ShouldBeOfType<Finding.Stuck>().Message.ShouldContain("generation 2 (fingerprint f2)");
        ActOf(World(2, Noted("f1", null, "f2"), [first], new Upload.Ready("f2")))
            .ShouldBeOfType<KeyAct.ImportNewMaterial>();
    }

    [Fact]
    public void Which_material_is_which_is_written_down_before_another_one_is_begun()
    {
        ActOf(World(2, Bound("f1"), [first], new Upload.Ready("f2")))
            .ShouldBe(new KeyAct.NoteMaterial(Region, 1, "m1"));
        ReasonOf(World(2, Bound("f1"), [first], new Upload.Ready("f2"))).ShouldBe("MaterialNotNoted");
        ActOf(World(2, Noted("f1", null, "f2"), [first, pending], new Upload.Absent("")))
            .ShouldBe(new KeyAct.NoteMaterial(Region, 2, "m2"), "by an import that was interrupted");
    }

    [Fact]
    public void What_is_imported_everywhere_becomes_current_and_then_nothing_is_left_to_do()
    {
        var world = World(2, Noted("f1", "f2"), [first, pending], new Upload.Ready("f2"));
        ActOf(world).ShouldBe(new KeyAct.RotateMaterial(Region, Reference.Id, 2));
        ReasonOf(world).ShouldBe("NewMaterialPending");
        StepOf(World(2, Noted("f1", "f2"), both, new Upload.Ready("f2"))).ShouldBeOfType<Step.Rest>();
    }

    [Fact]
    public void Nothing_is_begun_where_the_materials_can_t_be_seen()
    {
        var world = World(2, Noted("f1"), [first], new Upload.Ready("f2"));
        var blind = world with
        {
            Import = world.Import! with
            {
                Regions =
                    [world.Import.Regions[0] with { Listed = Fact.Blind<IReadOnlyList<HeldMaterial>>("Throttled") }],
            },
        };
        StepOf(blind).ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Throttled");
    }

    [Fact]
    public void The_last_rotations_are_told_and_no_material_is_begun_that_could_never_be_current()
    {
        Followed(World(24, Many(24), Rotated(23), new Upload.Absent(""))).ShouldBe("");
        Followed(World(25, Many(25), Rotated(24), new Upload.Absent(""))).ShouldBe("LastRotation");
        Followed(World(26, Many(26), Rotated(25), new Upload.Absent(""))).ShouldBe(GenerationLadder.NoRotationLeft);
        StepOf(World(27, Many(26), Rotated(25), new Upload.Ready("new")))
            .ShouldBe(new Step.Halt("GenerationFollowed", "NoRotationLeft"));
        ActOf(World(26, Many(25), Rotated(24), new Upload.Ready("new")))
            .ShouldBeOfType<KeyAct.ImportNewMaterial>("one is left");

        static string Followed(KeyWorld world) =>
            GenerationLadder.GenerationFollowed(world).ShouldBeOfType<Finding.Holds>().Reason;
    }

    [Fact]
    public void Of_a_key_that_the_platform_took_back_no_new_material_is_begun_and_what_was_begun_becomes_current()
    {
        var refused = Fact.Seen<Ruling.Refused?>(new("NotGranted", "ask the platform"));
        StepOf(World(2, Noted("f1"), [first], new Upload.Ready("f2")) with { Refusal = refused })
            .ShouldBe(new Step.Halt("Granted", "NotGranted"));
        ActOf(World(2, Noted("f1", "f2"), [first, pending], new Upload.Absent("")) with { Refusal = refused })
            .ShouldBeOfType<KeyAct.RotateMaterial>();
    }

    /// <summary>Generations from 1 on, with the ids m1, m2 and so on;
    /// those after a null were not imported yet.</summary>
    internal static IReadOnlyList<KeyRecordMaterial> Noted(params string?[] fingerprints)
    {
        var begun = Array.IndexOf(fingerprints, null);
        return [.. Bound(fingerprints)
            .Select((one, at) =>
                begun >= 0 && at >= begun ? one : one.Under(Region, $"m{at + 1}").Under("eu-central-1", $"m{at + 1}"))];
    }

    /// <summary>All is well but for what these facts say.</summary>
    internal static KeyWorld World(
        int asked, IReadOnlyList<KeyRecordMaterial> bound, IReadOnlyList<HeldMaterial> held, Upload upload,
        ImportedKey? key = null) => KeyWorlds.Good with
    {
        Import = new ImportWorld
        {
            Regions =
            [
                new ImportRegion(Region, Fact.Seen<DateTimeOffset?>(null), Fact.Seen<ImportedKey?>(key ?? Full),
                    Fact.Seen(true)) { Listed = Fact.Seen(held) },
            ],
            Upload = Fact.Seen(upload),
            Bound = Fact.Seen(bound),
            Generation = asked,
            Expiry = new MaterialExpiry.Never(),
            Settling = TimeSpan.FromMinutes(5),
        },
    };

    private static ImportRegion Elsewhere(params HeldMaterial[] held) =>
        new("eu-central-1", Fact.Seen<DateTimeOffset?>(null), Fact.Seen<ImportedKey?>(Full),
            Fact.Seen(true)) { Listed = Seen(held) };

    private static Fact<IReadOnlyList<HeldMaterial>> Seen(params HeldMaterial[] held) =>
        Fact.Seen<IReadOnlyList<HeldMaterial>>(held);

    private static IReadOnlyList<KeyRecordMaterial> Many(int count) =>
        Noted([.. Enumerable.Range(1, count).Select(one => $"f{one}")]);

    private static IReadOnlyList<HeldMaterial> Rotated(int times) =>
        [.. Enumerable.Range(0, times + 1)
            .Select(at =>
                first with { Id = $"m{at + 1}", Use = at == times ? MaterialUse.Current
                    : MaterialUse.Earlier, RotatedAt = at == 0 ? null : Now.AddDays(at) })];

    private static string ReasonOf(KeyWorld world) => StepOf(world).ShouldBeOfType<Step.Take>().Reason;
}
