using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Simulation.Real;

/// <summary>What seeds found, each in the shortest story that shows it; and what a restore comes to.</summary>
public sealed class FoundTests
{
    /// <summary>Enough turns for a whole migration.</summary>
    private const int Whole = 60;

    private const int Few = 6;

    [Fact]
    public void A_store_whose_record_is_nonsense_is_closed_though_the_platform_took_back_what_it_gave()
    {
        using var world = new Scenario(home => home.HasShared = false);
        world.Turns(Whole);
        world.World.People.TakeBack(world.Home);
        world.HurtStoreRecord();
        world.World.People.SetState(world.Home, KeyStates.Revoked);
        world.Turns(Few);

        world.Home.Target!.IsDenied.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Writers_get_their_source_back_from_a_store_that_went_by_force_behind_its_fence(bool isRevoked)
    {
        using var world = new Scenario();
        UntilFenced(world);
        world.World.People.DeleteByForce<EncryptedStore>(world.Home.Store);
        world.Home.CloudKey.IsDisabled = isRevoked;
        world.Turns(Few);

        world.Home.Fence.ShouldBeNull();
    }

    [Theory]
    [InlineData(World.Region)]
    [InlineData(World.OtherRegion)]
    public void A_key_that_was_never_active_is_made_nowhere_though_one_of_its_regions_says_nothing(string silent)
    {
        using var world = new Scenario(home => (home.IsImported, home.HasShared) = (true, false));
        world.World.People.SetState(world.Home, KeyStates.Standby);
        world.World.People.HandOver(world.Home, 1);
        world.World.Account.Silent.Add(silent);
        world.Turns(Few);
        world.World.Account.Imports.All.ShouldBeEmpty();

        world.World.Account.Silent.Clear();
        world.World.People.SetState(world.Home, KeyStates.Active);
        world.Turns(Whole);
        world.Home.IsBound.ShouldBeTrue();
    }

    [Fact]
    public void What_is_restored_under_another_UID_is_opened_by_consent_and_proof_and_nothing_is_made_beside_it()
    {
        using var world = new Scenario();
        var restoring = new Restoring(world.World, 0, world.Operator);
        world.Turns(Whole);
        var buckets = world.World.Account.Buckets.Count;
        restoring.Restore(world.Home);
        world.Turns(Few);

        world.Operator.PlanOf(world.Home)!.Steps.Single().ShouldBeOfType<Step.Halt>().Reason.ShouldBe(Takeover.Needed);
        world.Home.IsBound.ShouldBeFalse();

        world.Home.CloudKey.IsDisabled = true;
        restoring.Consent(world.Home);
        world.Turns(Few);
        world.Home.IsBound.ShouldBeFalse("nothing was proved");
        world.Home.IsAnEarliers.ShouldBeTrue();

        world.Home.CloudKey.IsDisabled = false;
        world.Turns(Few);
        (world.Home.IsBound, world.Home.IsOurs, world.World.Account.Buckets.Count).ShouldBe((true, true, buckets));
    }

    [Fact]
    public void What_is_restored_in_the_middle_of_a_move_goes_on_with_it_once_it_is_taken_back()
    {
        using var world = new Scenario();
        var restoring = new Restoring(world.World, 0, world.Operator);
        UntilFenced(world);
        restoring.Restore(world.Home);
        world.Turns(Few);
        world.Home.Fence.ShouldNotBeNull("another store of that name may go on behind it");
        restoring.Consent(world.Home);
        world.Turns(Whole);

        (world.Home.IsBound, world.Home.IsServed, world.Home.Fence).ShouldBe((true, true, null));
    }

    private static void UntilFenced(Scenario world)
    {
        while (world.Home.Fence is null)
        {
            world.Turns(1);
        }
    }
}
