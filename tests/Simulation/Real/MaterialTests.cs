using ByokOperator.Api;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Simulation.Real;

/// <summary>
/// New material under an imported key through the real ladder and executors, and what must never be done with it: each
/// bug in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class MaterialTests(ITestOutputHelper output)
{
    /// <summary>Enough turns for a key to be made and imported in both regions, and for its store to be open.</summary>
    private const int Open = 24;

    private const int Few = 8;

    private static readonly Dictionary<Bug, Action<Scenario>> cases = new()
    {
        [Bug.MaterialForgottenAtUnrevoke] = world =>
        {
            Rotate(world);
            ComeBack(world, 2, 1);
            Scenario.DemandArrival(world.Home.IsBound);
        },
        [Bug.NewestMaterialAloneIsWithdrawn] = world =>
        {
            Rotate(world);
            world.World.People.SetState(world.Home, KeyStates.Revoked);
            world.Turns(Few);
            world.DemandWithdrawal();
        },
        [Bug.RotatedBeforeEveryRegionHasIt] = world => Rotate(world),
        [Bug.RotatesInOneRegionOnly] = world => Rotate(world),
        [Bug.NewMaterialWithoutARaise] = world =>
        {
            world.World.People.HandOver(world.Home, 2);
            world.Turns(Open);
        },
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug)
    {
        using var world = Begun(bug);
        output.WriteLine(Should.Throw<LawBrokenException>(() => cases[bug](world), $"{bug}").Message);
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug)
    {
        using var world = Begun();
        cases[bug](world);
    }

    [Fact]
    public void A_raise_brings_the_next_upload_in_beside_the_first_and_the_store_goes_on_under_the_same_key()
    {
        using var world = Begun();
        var key = world.Home.CloudKey;
        Rotate(world);

        (world.Home.IsBound, world.Home.CloudKey).ShouldBe((true, key));
        Given(world).ShouldBe(["1 Earlier, 2 Current", "1 Earlier, 2 Current"]);
    }

    [Fact]
    public void Revoking_takes_every_material_away_and_they_come_back_in_any_order_and_no_other_does()
    {
        using var world = Begun();
        Rotate(world);
        Rotate(world, 3);
        world.World.People.SetState(world.Home, KeyStates.Revoked);
        world.Turns(Few);
        world.DemandWithdrawal();
        world.Home.IsBound.ShouldBeFalse();

        ComeBack(world, 2, 4, 3);
        (world.Home.IsBound, Missing(world)).ShouldBe((false, true),
            "the first is missing, and the fourth is none of the key's");
        HandOver(world, 1);
        world.Home.IsBound.ShouldBeTrue();
        world.DemandWhole();
    }

    [Fact]
    public void A_process_that_ends_between_two_regions_goes_on_with_the_same_material()
    {
        using var world = Begun();
        world.World.Account.Imports.EndsAfter = "ImportNewAsync";
        Rotate(world);
        world.World.Account.Imports.EndsBefore = "RotateAsync";
        Rotate(world, 3);
        Given(world).ShouldBe(["1 Earlier, 2 Earlier, 3 Current", "1 Earlier, 2 Earlier, 3 Current"]);
    }

    [Fact]
    public void What_was_revoked_in_the_middle_of_a_rotation_takes_the_new_material_along_and_comes_back_with_both()
    {
        using var world = Begun();
        world.World.People.Raise(world.Home, 2);
        world.World.People.HandOver(world.Home, 2);
        world.Until(() => world.World.Account.Imports.All.Any(key => key.Import!.Pending is not null));
        world.World.People.SetState(world.Home, KeyStates.Revoked);
        world.Turns(Few);
        world.DemandWithdrawal();

        ComeBack(world, 1, 2);
        world.Turns(Open);
        world.Home.IsBound.ShouldBeTrue();
        world.DemandWhole();
    }

    private static Scenario Begun(Bug bug = Bug.None)
    {
        var world = new Scenario(home => (home.IsImported, home.HasShared) = (true, false), bug);
        HandOver(world, 1);
        world.Home.IsBound.ShouldBeTrue();
        return world;
    }

    private static void Rotate(Scenario world, int generation = 2)
    {
        world.World.People.Raise(world.Home, generation);
        HandOver(world, generation);
        world.DemandWhole();
    }

    /// <summary>Revoked, and then not any more; what is handed over comes one after the other.</summary>
    private static void ComeBack(Scenario world, params int[] handedOver)
    {
        world.World.People.SetState(world.Home, KeyStates.Revoked);
        world.Turns(Few);
        world.World.People.SetState(world.Home, KeyStates.Active);
        foreach (var material in handedOver)
        {
            HandOver(world, material);
        }
    }

    private static void HandOver(Scenario world, int material)
    {
        world.World.People.HandOver(world.Home, material);
        world.Turns(Open);
    }

    private static bool Missing(Scenario world) =>
        world.World.People.KeyConditions(world.Home).Contains("MaterialMissing", StringComparison.Ordinal);

    private static string[] Given(Scenario world) =>
        [.. world.World.Account.Imports.All
            .Select(key =>
                string.Join(", ", key.Import!.Given.Select(one => $"{one.Secret} {(one.IsHeld ? one.Use : "gone")}")))];
}
