using ByokOperator.Api;
using Shouldly;
using Simulation.Real.Clouds;
using Xunit;

namespace Simulation.Real.Changes;

/// <summary>
/// A store on Azure: its account is wrapped anew when it changes its key, and shut way by way; and what must never be
/// done: each bug in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class RewrapTests(ITestOutputHelper output)
{
    private const int Few = 8;

    private static readonly Dictionary<Bug, Action<ChangeStage>> cases = new()
    {
        [Bug.OldKeyIsLetGoBeforeTheRewrap] = world =>
        {
            Change(world);
            Change(world, world.Store);
            Change(world);
        },
        [Bug.AccountIsShutByHalf] = Closed,
        [Bug.PinIsForgotten] = ClosedAndOpened,
        [Bug.InterruptedClosingIsLeftSo] = world =>
        {
            // as a process leaves it that ends in the middle of a closing
            (Account(world).IsNetworkShut, Account(world).IsMarked) = (true, true);
            world.Until(() => world.IsOpen);
        },
        [Bug.RoleIsNotGivenBack] = ClosedAndOpened,
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug) =>
        output.WriteLine(Should.Throw<LawBrokenException>(() => cases[bug](Begun(bug)), $"{bug}").Message);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug) => cases[bug](Begun(Bug.None));

    [Fact]
    public void Everything_comes_under_a_key_of_another_directory_and_the_old_one_may_be_switched_off()
    {
        var world = Begun(Bug.None);
        Change(world, world.Store.Spares[1]);
        Account(world).RootKey.ShouldBe(world.Store.Spares[1].CloudKey.Arn);
        world.Store.CloudKey.IsDisabled = true;
        world.Turns(Few);
        world.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void While_the_cloud_has_not_wrapped_it_anew_either_key_closes()
    {
        foreach (var isOld in (bool[])[true, false])
        {
            var world = Begun(Bug.None);
            world.Name(Other(world));
            world.Until(() => world.Default == Other(world).Key.Name);
            Account(world).WrapsAt = DateTimeOffset.MaxValue;
            world.Turns(Few);
            world.Pinned.Count.ShouldBe(2);
            var key = isOld ? world.Store : Other(world);
            world.World.People.SetState(key, KeyStates.Revoked);
            world.Turns(Few);
            Account(world).IsDenied.ShouldBeTrue();
            world.World.People.SetState(key, KeyStates.Active);
            Account(world).WrapsAt = default;
            world.UntilFollowed(Other(world));
        }
    }

    private static ChangeStage Begun(Bug seeded)
    {
        var world = new ChangeStage(new Rng(3), seeded, isAzure: true);
        world.Open();
        return world;
    }

    private static Home Other(ChangeStage world) => world.Store.Spares[0];

    private static StorageAccount Account(ChangeStage world) => (StorageAccount)world.Store.Target!;

    private static void Change(ChangeStage world, Home? to = null)
    {
        world.Name(to ?? Other(world));
        world.UntilFollowed(to ?? Other(world));
    }

    private static void Closed(ChangeStage world)
    {
        world.Store.CloudKey.IsDisabled = true;
        world.Turns(Few);
        Account(world).IsDenied.ShouldBeTrue();
    }

    private static void ClosedAndOpened(ChangeStage world)
    {
        Closed(world);
        world.Store.CloudKey.IsDisabled = false;
        world.Until(() => world.IsOpen);
    }
}
