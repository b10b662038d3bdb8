using ByokOperator.Api;
using ByokOperator.Reconciling;
using Shouldly;
using Xunit;

namespace Simulation.Real.Returns;

/// <summary>
/// A store that is deleted and whose data goes back first, through the real ladder, executors and workers, and what
/// must never be done on the way: each bug in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class DeletionTests(ITestOutputHelper output)
{
    private const int Few = 8;

    /// <summary>More than any rung takes.</summary>
    private const int Many = 40;

    private static readonly Dictionary<Bug, Action<ReturnStage>> cases = new()
    {
        [Bug.DeletionPolicyIsForgotten] = Delete,
        [Bug.ReturnsThoughRetainIsSaid] = world =>
        {
            UntilFenced(world);
            world.Settle(DeletionPolicies.Retain);
            world.Turns(Many);
        },
        [Bug.DeletionReturnsWithoutConsent] = world =>
        {
            world.Annotate("data/other");
            world.Delete(DeletionPolicies.ReturnToShared);
            world.Turns(Few);
        },
        [Bug.ObjectGoesBeforeItsReturnIsTakenBack] = world =>
        {
            UntilFenced(world);
            world.Settle(DeletionPolicies.Retain);
            world.Until(() => world.IsRetained);
        },
        [Bug.ShutStoreIsLetGoWithoutItsData] = world =>
        {
            world.Store.CloudKey.IsDisabled = true;
            world.Leave();
            world.Turns(Many);
            world.Store.CloudKey.IsDisabled = false;
            world.Until(() => world.IsGone);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Everything_comes_back_before_the_object_goes_and_the_key_may_go_too(bool keepsVersions)
    {
        var world = Begun(Bug.None, keepsVersions);
        Delete(world);
        world.Store.CloudKey.IsDisabled = true;
        world.World.People.Delete<TenantEncryptionKey>(world.Store.Key);
        world.Turns(Few);
        (world.IsGone, world.World.People.Key(world.Store)).ShouldBe((true, null));
    }

    [Fact]
    public void What_was_begun_is_taken_back_where_the_data_is_to_stay_and_the_place_closes_without_its_object()
    {
        var world = Begun(Bug.None);
        UntilFenced(world);
        world.Settle(DeletionPolicies.Retain);
        world.Until(() => world.IsRetained);
        world.Store.CloudKey.IsDisabled = true;
        world.Turns(Few);
        world.Store.Target!.IsDenied.ShouldBeTrue();
    }

    [Fact]
    public void A_hold_that_somebody_took_away_is_made_up_for_by_the_consent_once_more()
    {
        var world = Begun(Bug.None);
        UntilFenced(world);
        world.Store.Shared.Fences.Remove(ReturnStage.HoldOf(world.Store));
        world.Turns(Few);
        (world.Step as Step.Halt)?.Reason.ShouldBe("SharedPlaceNotHeld");
        world.Annotate(null);
        world.Turns(Few);
        world.EmptyShared();
        world.Until(() => world.Return is null);
        world.World.People.Store(world.Store).ShouldNotBeNull("it goes once its data is back, or is to stay");
        world.Annotate(world.Consent);
        world.Until(() => world.IsGone);
    }

    private static ReturnStage Begun(Bug seeded, bool keepsVersions = false)
    {
        var world = new ReturnStage(new Rng(3), seeded, keepsVersions, begin: one => one.IsByDeletion = true);
        world.Open();
        return world;
    }

    private static void Delete(ReturnStage world)
    {
        world.Leave();
        world.Until(() => world.IsGone);
    }

    /// <summary>Something was copied back, and the store is fenced for the rest.</summary>
    private static void UntilFenced(ReturnStage world)
    {
        world.Leave();
        world.Until(() => world.Store.Target is { Fences.Count: > 0 });
    }
}
