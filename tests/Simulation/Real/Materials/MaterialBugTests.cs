using ByokOperator.Api;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Simulation.Real.Materials;

/// <summary>
/// What must never be done with the materials of one key, with a store under it: each bug in the shortest story that
/// shows it, and the same story without it.
/// </summary>
public sealed class MaterialBugTests(ITestOutputHelper output)
{
    private const int Few = 8;

    private static readonly Dictionary<Bug, Action<MaterialStage>> cases = new()
    {
        [Bug.NewMaterialIsWrittenDownAfterItsImport] = world =>
        {
            world.World.Account.Imports.EndsAfter = "ImportNewAsync";
            world.Raise(1);
            world.HandOver(2);
            world.Turns(Few);
        },
        [Bug.PendingIsForgottenWhenWithdrawn] = world =>
        {
            world.Raise(1);
            world.HandOver(2);
            world.Until(() => world.World.Account.Imports.All.Any(key => key.Import!.Pending is not null));
            Revoke(world);
            ComeBack(world, 1, 3);
        },
        [Bug.OneRegionAloneIsBroughtBack] = world =>
        {
            world.Rotate();
            Revoke(world);
            ComeBack(world, 2, 1);
            world.Until(() => world.IsWhole);
        },
        [Bug.RotationsAreNotCounted] = world =>
        {
            for (var rotation = 0; rotation < IImportedKeys.MostRotations; rotation++)
            {
                world.Rotate();
            }

            world.Raise(1);
            world.HandOver(world.Last + 1);
            world.Turns(Few);
            world.Until(() => world.IsWhole);
        },
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug) =>
        output.WriteLine(Should.Throw<LawBrokenException>(() => cases[bug](Begun(bug)), $"{bug}").Message);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug) => cases[bug](Begun(Bug.None));

    /// <summary>Each was taken by the server; the operator was away, and saw the second alone.</summary>
    [Fact]
    public void Two_raises_that_were_seen_as_one_are_followed_by_one_upload()
    {
        var world = Begun(Bug.None);
        world.Raise(2);
        world.HandOver(2);
        world.Until(() => world.IsWhole && world.Laws.Newest == 2);
    }

    /// <summary>Region by region the pending one passed for the next,
    /// and two regions were given different secrets.</summary>
    [Fact]
    public void A_raise_while_new_material_is_on_its_way_waits_until_that_is_current()
    {
        var world = Begun(Bug.None);
        world.Raise(1);
        world.HandOver(2);
        world.Until(() => world.World.Account.Imports.All.Any(key => key.Import!.Pending is not null));
        world.Raise(1);
        world.HandOver(3);
        world.Turns(Few);
        world.Laws.Recorded.ShouldBe([1, 2]);

        world.HandOver(2);
        world.Turns(Few);
        world.HandOver(3);
        world.Until(() => world.IsWhole && world.Laws.Newest == 3);
        world.Laws.Recorded.ShouldBe([1, 2, 3]);
    }

    private static MaterialStage Begun(Bug bug)
    {
        var world = new MaterialStage(new Rng(3), bug);
        world.Open();
        return world;
    }

    private static void Revoke(MaterialStage world)
    {
        world.SetState(KeyStates.Revoked);
        world.Turns(Few);
    }

    /// <summary>Wanted again, and these handed over one after the other.</summary>
    private static void ComeBack(MaterialStage world, params ReadOnlySpan<int> materials)
    {
        world.SetState(KeyStates.Active);
        foreach (var material in materials)
        {
            world.HandOver(material);
            world.Turns(Few);
        }
    }
}
