using ByokOperator.Api;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Simulation.Real.Returns;

/// <summary>
/// A store whose data goes back to its shared place, through the real ladder, executors and workers, and what must
/// never be done on the way: each bug in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class ReturnTests(ITestOutputHelper output)
{
    private const int Few = 8;

    /// <summary>More than any rung takes.</summary>
    private const int Many = 40;

    private static readonly Dictionary<Bug, Action<ReturnStage>> cases = new()
    {
        [Bug.ReturnsWithoutConsent] = world =>
        {
            world.Name(null);
            world.Annotate("data/other");
            world.Turns(Few);
        },
        [Bug.WeakerCopyPassesForTheOrdered] = world =>
        {
            world.Encrypts(ReturnStage.PlatformKeys[0]);
            Leave(world);
        },
        [Bug.DefaultIsReadOnce] = world =>
        {
            world.Name(null);
            world.Turns(Few);
            world.Encrypts(ReturnStage.PlatformKeys[0]);
            Leave(world);
        },
        [Bug.SharedPlaceIsNotHeld] = world =>
        {
            UntilCopied(world);
            world.Clients.Intrude(0);
            world.Until(() => world.IsOut);
        },
        [Bug.LostHoldCountsAsStanding] = world =>
        {
            UntilFenced(world);
            LoseHold(world);
            world.Clients.Intrude(0).ShouldBeTrue();
            world.Name(world.Store.Key.Name);
            world.Turns(Many);
        },
        [Bug.StoreIsNotFencedForItsReturn] = world =>
        {
            UntilCopied(world);
            world.Clients.WriteAll();
            world.Until(() => world.IsOut);
        },
        [Bug.ServedMarkStaysBehind] = world =>
        {
            world.Leave();
            world.Until(() => world.World.People.LeadsToShared(world.Store));
            world.Clients.WriteAll();
            world.RecordLost();
            world.World.People.Delete<ConfigMap>(RecordOf(world));
            world.Name(world.Store.Key.Name);
            world.Turns(Many);
        },
        [Bug.StoreIsEmptiedAtTheReceipt] = Leave,
        [Bug.RecordEndsBeforeThePlace] = Leave,
        [Bug.HoldIsNeverReleased] = Leave,
        [Bug.CopiesStandAfterGivingUp] = world =>
        {
            UntilFenced(world);
            world.Name(world.Store.Key.Name);
            world.Until(() => world.IsIn);
        },
        [Bug.ReturnGoesOnThoughRevoked] = world =>
        {
            UntilFenced(world);
            world.Store.CloudKey.IsDisabled = true;
            world.Turns(Few);
        },
        [Bug.StrangersObjectIsWrittenOver] = world =>
        {
            world.Clients.Intrude(0).ShouldBeTrue();
            world.Leave();
            world.Turns(Many);
        },
        [Bug.OldBindingIsLetIn] = world =>
        {
            world.Leave();
            world.Until(() => world.World.People.LeadsToShared(world.Store));
            world.Clients.WriteWithOldPointer();
        },
        [Bug.LeadsBackBeforeTheReceipt] = Leave,
        [Bug.NewestVersionAloneGoesBack] = world =>
        {
            world.Clients.WriteAll();
            Leave(world);
        },
    };

    public static TheoryData<Bug> Bugs => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void With_the_bug_a_law_is_broken(Bug bug) =>
        output.WriteLine(Should.Throw<LawBrokenException>(() => cases[bug](Begun(bug, bug)), $"{bug}").Message);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Without_it_the_same_story_breaks_none(Bug bug) => cases[bug](Begun(bug, Bug.None));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Everything_comes_back_and_the_key_may_go(bool keepsVersions)
    {
        var world = Begun(keepsVersions, Bug.None);
        Leave(world);
        world.Store.CloudKey.IsDisabled = true;
        world.World.People.Delete<TenantEncryptionKey>(world.Store.Key);
        world.Turns(Few);
        (world.IsOut, world.World.People.Key(world.Store)).ShouldBe((true, null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_came_back_goes_in_again_and_out_again(bool keepsVersions)
    {
        var world = Begun(keepsVersions, Bug.None);
        Leave(world);
        world.Clients.WriteAll();
        world.Name(world.Store.Key.Name);
        world.Until(() => world.IsIn);
        world.Clients.WriteAll();
        Leave(world);
    }

    [Fact]
    public void What_the_place_encrypts_by_when_it_begins_counts_whatever_it_says_later()
    {
        var world = Begun(keepsVersions: false, Bug.None);
        world.Encrypts(ReturnStage.PlatformKeys[0]);
        UntilFenced(world);
        world.Encrypts(null);
        Leave(world);
        world.Store.Shared.Under(world.Store.Prefix).Select(entry => entry.KeyId).Distinct()
            .ShouldBe([ReturnStage.PlatformKeys[0]]);
    }

    [Theory]
    [InlineData("aws:kms:dsse", false, "SharedDefaultUnclear")]
    [InlineData("aws:kms", true, "SharedPlaceUnderTenantKey")]
    public void Nothing_goes_back_to_a_place_that_encrypts_otherwise_than_can_be_proved(
        string algorithm, bool isTenants, string reason)
    {
        var world = Begun(keepsVersions: false, Bug.None);
        world.Encrypts(isTenants ? world.Store.CloudKey.Arn : ReturnStage.PlatformKeys[0], algorithm);
        world.Leave();
        world.Turns(Few);
        (world.Step as Step.Halt)?.Reason.ShouldBe(reason);
        (world.Return, world.IsHeld).ShouldBe((null, false));
    }

    private static ReturnStage Begun(Bug story, Bug seeded) => Begun(story is Bug.NewestVersionAloneGoesBack, seeded);

    private static ReturnStage Begun(bool keepsVersions, Bug seeded)
    {
        var world = new ReturnStage(new Rng(3), seeded, keepsVersions);
        world.Open();
        return world;
    }

    private static void Leave(ReturnStage world)
    {
        world.Leave();
        world.Until(() => world.IsOut);
    }

    /// <summary>Something was copied back, and the store is fenced for the rest.</summary>
    private static void UntilFenced(ReturnStage world)
    {
        world.Leave();
        world.Until(() => world.Store.Target is { Fences.Count: > 0 });
    }

    /// <summary>The last copy is done.</summary>
    private static void UntilCopied(ReturnStage world)
    {
        UntilFenced(world);
        world.Until(() => world.World.People.Jobs(world.Store).Count == 2
            && world.World.People.Jobs(world.Store).All(job => job["status"]?["conditions"] is not null));
    }

    private static void LoseHold(ReturnStage world) =>
        world.Store.Shared.Fences.Remove(ReturnStage.HoldOf(world.Store));

    private static ObjectKey RecordOf(ReturnStage world) =>
        new(World.OperatorNamespace, $"store.{world.Store.Namespace}.{world.Store.Store.Name}.{world.Store.Uid}");
}
