using ByokOperator.Api;
using ByokOperator.Keys;
using Shouldly;
using Simulation.Real.Clouds;
using Xunit;

namespace Simulation.Real;

/// <summary>
/// An imported key's life through the real ladder and executors, and what must never be done with one: each bug in the
/// shortest story that shows it, and the same story without it.
/// </summary>
public sealed class ImportTests(ITestOutputHelper output)
{
    /// <summary>Enough turns for a key to be made and imported in both regions, and for its store to be open.</summary>
    private const int Open = 24;

    private const int Few = 6;

    /// <summary>More than lists of the cloud may lag behind.</summary>
    private const int Settled = 70;

    private static readonly Dictionary<Bug, Action<Scenario>> cases = new()
    {
        [Bug.NoNoteBeforeCreation] = world =>
        {
            world.World.Account.Imports.EndsAfter = "CreateAsync";
            HandOver(world, 1);
        },
        [Bug.NoteGoesBeforeTheName] = world =>
        {
            world.World.Account.Imports.EndsBefore = "NameAsync";
            HandOver(world, 1);
        },
        [Bug.EmptyListCountsAtOnce] = world =>
        {
            (world.World.Account.Imports.Lag, world.World.Account.Imports.EndsBefore) =
                (TimeSpan.FromSeconds(60), "NameAsync");
            HandOver(world, 1);
        },
        [Bug.OldDecisionMakesAKey] = world =>
        {
            (world.World.Account.Imports.Lag, world.World.Account.Imports.EndsBefore) =
                (TimeSpan.FromSeconds(60), "NameAsync");
            world.LandOnKey(new KeyAct.CreateKey(World.Region, world.World.Now - TimeSpan.FromSeconds(290)));
            world.World.Account.Imports.EndsBefore = null;
            world.Operator.Restart();
            HandOver(world, 1);
        },
        [Bug.BlindMeansNoKey] = world =>
        {
            HandOver(world, 1, Open);
            world.DeleteStoreAndKey();
            world.World.Account.Buckets.Remove(world.Home.TargetName);
            world.World.Account.Silent.UnionWith([World.Region, World.OtherRegion]);
            world.Turns(Open);
        },
        [Bug.ImportsWhatStandsThere] = world =>
        {
            var other = UntilOneRegionIsMissing(world);
            world.World.People.HandOver(world.Home, 2);
            world.LandOnKey(new KeyAct.ImportMaterial(other.Region, other.Arn, Handed.FingerprintOf(1), null));
        },
        [Bug.RemembersMaterialAfterImport] = world =>
        {
            world.World.Account.Imports.EndsAfter = "ImportAsync";
            world.World.People.HandOver(world.Home, 1);
            world.Until(() => world.World.Account.Imports.EndsAfter is null);
            HandOver(world, 2);
        },
        [Bug.ImportsThoughRevoked] = world =>
        {
            var other = UntilOneRegionIsMissing(world);
            world.World.People.HandOver(world.Home, 1);
            world.World.People.SetState(world.Home, KeyStates.Revoked);
            world.LandOnKey(new KeyAct.ImportMaterial(other.Region, other.Arn, Handed.FingerprintOf(1), null));
        },
        [Bug.WithdrawsFromOneRegionOnly] = world =>
        {
            HandOver(world, 1, Open);
            world.World.People.SetState(world.Home, KeyStates.Revoked);
            world.Turns(Few);
            world.DemandWithdrawal();
        },
        [Bug.DestroysAKeyInUse] = world =>
        {
            HandOver(world, 1, Open);
            world.World.People.Delete<TenantEncryptionKey>(world.Home.Key);
            world.Turns(Few);
        },
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug)
    {
        using var world = new Scenario(Imported, bug);
        output.WriteLine(Should.Throw<LawBrokenException>(() => cases[bug](world), $"{bug}").Message);
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug)
    {
        using var world = new Scenario(Imported);
        cases[bug](world);
    }

    [Fact]
    public void What_is_handed_over_is_imported_in_each_region_and_its_store_opens_closes_and_opens_with_it()
    {
        using var world = new Scenario(Imported);
        HandOver(world, 1, Open);
        (world.Home.IsBound, world.Home.IsGranted).ShouldBe((true, true));
        Materials(world).ShouldBe([1, 1]);

        world.World.People.SetState(world.Home, KeyStates.Revoked);
        world.Turns(Few);
        world.DemandWithdrawal();
        (world.Home.IsBound, world.Home.IsGranted, world.Home.Target!.IsDenied).ShouldBe((false, false, true));

        world.World.People.HandOver(world.Home, 2);
        world.World.People.SetState(world.Home, KeyStates.Active);
        world.Turns(Open);
        (world.Home.IsBound, Materials(world).Sum()).ShouldBe((false, 0), "another secret is another key");

        HandOver(world, 1, Open);
        world.Home.IsBound.ShouldBeTrue();
        Materials(world).ShouldBe([1, 1]);
    }

    [Fact]
    public void What_expires_closes_its_store_and_the_same_secret_opens_it_again()
    {
        using var world = new Scenario(home =>
            (home.IsImported, home.HasShared, home.ValidTo) = (true, false, "2026-01-01T00:05:00Z"));
        HandOver(world, 1, Open);
        world.Home.IsBound.ShouldBeTrue();
        world.Turns(Settled);
        (world.Home.IsBound, Materials(world).Sum()).ShouldBe((false, 0));

        world.Home.ValidTo = null;
        world.World.People.ApplyKey(world.Home);
        world.Turns(Open);
        (world.Home.IsBound, world.Home.HandedOver).ShouldBe((true, 1));
    }

    [Fact]
    public void A_key_that_nothing_uses_goes_with_its_object()
    {
        using var world = new Scenario(Imported);
        HandOver(world, 1, Open);
        world.DeleteStoreAndKey();
        world.World.Account.Buckets.Remove(world.Home.TargetName);
        world.Turns(Open);

        world.World.People.Key(world.Home).ShouldBeNull();
        world.World.Account.Imports.All.ShouldAllBe(key => key.Import!.IsGoing && key.Material == 0);
    }

    private static void Imported(Home home) => (home.IsImported, home.HasShared) = (true, false);

    private static void HandOver(Scenario world, int material, int turns = Settled)
    {
        world.World.People.HandOver(world.Home, material);
        world.Turns(turns);
    }

    /// <summary>One region holds the material, and the other's key none yet.</summary>
    private static CloudKey UntilOneRegionIsMissing(Scenario world)
    {
        world.World.People.HandOver(world.Home, 1);
        world.Until(() => Materials(world).Length == 1);
        world.World.Account.Imports.EndsBefore = "ImportAsync";
        world.Until(() => world.World.Account.Imports.EndsBefore is null);
        world.World.People.HandOver(world.Home, 0);
        world.World.Account.Imports.All.Count().ShouldBe(2);
        return world.World.Account.Imports.All.Single(key => key.Material == 0);
    }

    private static int[] Materials(Scenario world) =>
        [.. world.World.Account.Imports.All.Where(key => key.Material != 0).Select(key => key.Import!.BoundTo)];
}
