using System.Text.Json.Nodes;
using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace Simulation.Real;

/// <summary>
/// What the operator must never do again, each bug in the shortest story that shows it: with the bug a law is broken,
/// without it the same story breaks none. So the laws have teeth, and they bite at nothing else.
/// </summary>
public sealed class CaseTests(ITestOutputHelper output)
{
    /// <summary>Enough turns for a store without a migration to be open.</summary>
    private const int Open = 12;

    /// <summary>Enough for a closing, of what can be closed.</summary>
    private const int Closing = 4;

    /// <summary>More than <c>maxStaleness</c>.</summary>
    private const int Stale = 16;

    /// <summary>Enough for a whole migration.</summary>
    private const int Moved = 60;

    private static readonly Dictionary<Bug, Action<Scenario>> cases = new()
    {
        [Bug.PolicyRefusedMeansOpen] = Disabled(world => world.Home.Target!.Foreign = "theirs"),
        [Bug.NonsenseRecordKillsTheLook] = world =>
        {
            world.HurtKeyRecord();
            world.World.People.SetState(world.Home, KeyStates.Revoked);
            world.Turns(Closing);
        },
        [Bug.NoClockWithoutRecord] = world =>
        {
            world.HurtKeyRecord();
            world.Home.CloudKey.Silence = "Unreachable";
            world.Operator.Restart();
            world.Turns(Stale);
        },
        [Bug.OthersPlaceCountsAsDone] = Disabled(world => world.Home.Target!.Owner = "somebody"),
        [Bug.ClosesByTagAlone] = Disabled(world => world.Home.Target!.Owner = null),
        [Bug.RetainedIsForgotten] = Disabled(world =>
        {
            world.DeleteStore();
            world.Turns(Closing);
        }),
        [Bug.GrantsOnTenantsKeys] = _ => { },
        [Bug.RecentChangeReadAsPending] = Disabled(_ => { }),
        [Bug.OwnPolicyReadAsRevocation] = Silent("OwnAccessDenied"),
        [Bug.ProxyRateReadAsRevoked] = Silent("XksProxyRequestRate"),
        [Bug.PoisonBlindsTheList] = world =>
        {
            world.Poison();
            world.World.People.SetState(world.Home, KeyStates.Revoked);
            world.Turns(Closing);
        },
        [Bug.SetAsideIsForgotten] = world =>
        {
            world.Home.Target!.Foreign = "theirs";
            world.Home.Foreigners.Add("theirs");
            Disabled(_ => { })(world);
            world.Home.CloudKey.IsDisabled = false;
            world.Turns(Open);
        },
        [Bug.ClosedIsSaidUnread] = Disabled(world => world.Home.Target!.RefusesDenial = true),
        [Bug.DenyIsForgotten] = Disabled(_ => { }),
        [Bug.BindingIsForgotten] = Disabled(_ => { }),
        [Bug.WorkloadsAreForgotten] = Disabled(_ => { }),
        [Bug.ClosesOneThingAtATime] = Disabled(_ => { }),
        [Bug.PauseHoldsClosingBack] = Disabled(world => world.World.People.Annotate(world.Home, Labels.Paused, "true")),
        [Bug.DeletingGoesBeforeClosing] = Disabled(world =>
        {
            world.World.People.Annotate(world.Home, Labels.Paused, "true");
            world.DeleteStore();
        }),
        [Bug.StalenessIsNeverReached] = Silent("Unreachable", Stale),
        [Bug.UnknownIsUsable] = Silent("Unreachable", Stale),
        [Bug.UnknownClosesAtOnce] = Silent("Unreachable"),
        [Bug.MissingKeyIsIgnored] = world =>
        {
            world.DeleteKeyByForce();
            world.Turns(Closing);
        },
        [Bug.BeginsWhatWasTakenBack] = world =>
        {
            world.World.People.TakeBack(world.Home);
            world.World.People.Delete<Kube.Core.Kinds.ConfigMap>(
                new Kube.Core.ObjectKey(world.Home.Namespace, world.Home.Binding));
            world.Turns(Closing);
            Disabled(_ => { })(world);
        },
        [Bug.RateLimitReadAsRevoked] = Silent("SlowDown"),
        [Bug.ClosingStopsAtFirstFailure] = Disabled(world => world.Home.Target!.Owner = "somebody"),
        [Bug.KeyReleasedThoughRetained] = world =>
        {
            world.DeleteStoreAndKey();
            world.Turns(Open);
        },
        [Bug.CanaryOverwritten] = world =>
        {
            world.Home.CloudKey.Material = 2;
            world.Turns(Closing);
        },
        [Bug.ReopenOnAnotherKey] = world =>
        {
            world.Home.CloudKey.Material = 2;
            world.Turns(Closing);
        },
    };

    /// <summary>Of stores whose data is moved, from their first turn on.</summary>
    private static readonly Dictionary<Bug, Action<Scenario>> moves = new()
    {
        [Bug.WeakerWriteWhenKeyIsOff] = world =>
        {
            world.Until(() => world.World.People.Jobs(world.Home).Count > 0);
            world.Home.CloudKey.IsDisabled = true;
            world.CopiesGetOn();
        },
        [Bug.WindowEndLosesFence] = world =>
        {
            world.Until(() => world.Home.IsServed && world.World.People.Running(world.Home) > 0);
            world.PassTheWindow();
            world.Turns(1);
            world.ClientsWriteWithOldPointers();
        },
        [Bug.DeletesWithoutConfirmation] = world =>
        {
            world.Until(() => world.Home.IsRetired);
            world.DeleteStore();
            world.Turns(Closing);
        },
        [Bug.DeltaNotBoundToItsFence] = world =>
        {
            world.Until(() =>
                world.World.People.Jobs(world.Home)
                    .Any(job => IsDelta(job) && job["status"]?["conditions"] is not null));
            world.LiftFence();
            world.ClientsWrite();
            world.Turns(Moved);
            Scenario.DemandArrival(world.Home.IsServed);
        },
        [Bug.StragglerCopyLeftRunning] = world =>
        {
            world.Until(() => world.World.People.Jobs(world.Home).Any(job => job["status"]?["conditions"] is not null));
            world.ClientsWrite();
            world.Until(() => world.World.People.Jobs(world.Home).Any(IsDelta));
            var wake = world.CopiesStall();
            world.LiftFence();
            world.ClientsWrite();
            world.Until(() => world.Home.IsBound);
            world.ClientsWrite();
            wake();
            world.CopiesGetOn();
        },
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys, .. moves.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug) =>
        output.WriteLine(Should.Throw<LawBrokenException>(() => Tell(bug, bug), $"{bug}").Message);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug) => Tell(bug, Bug.None);

    private static void Tell(Bug story, Bug seeded)
    {
        using var world = new Scenario(home => Begin(story, home), seeded);
        if (moves.TryGetValue(story, out var moved))
        {
            moved(world);
            return;
        }

        world.Turns(Open);
        world.Home.IsBound.ShouldBeTrue();
        cases[story](world);
    }

    private static void Begin(Bug story, Home home)
    {
        home.HasShared = moves.ContainsKey(story);
        home.Shared.IsVersioned = story == Bug.StragglerCopyLeftRunning;
        home.Waits = story == Bug.WindowEndLosesFence;
        home.DeletionPolicy = story == Bug.DeletesWithoutConfirmation ? DeletionPolicies.Delete
            : DeletionPolicies.Retain;
    }

    private static bool IsDelta(JsonObject job) => job.ToJsonString().Contains("--previous", StringComparison.Ordinal);

    private static Action<Scenario> Disabled(Action<Scenario> first) => world =>
    {
        first(world);
        world.Home.CloudKey.IsDisabled = true;
        world.Turns(Closing);
    };

    private static Action<Scenario> Silent(string why, int turns = Closing) => world =>
    {
        world.Home.CloudKey.Silence = why;
        world.Turns(turns);
    };
}
