using Shouldly;
using Xunit;

namespace Simulation.Real.Changes;

/// <summary>
/// A store that moves to its next bucket because it changes its key, and what must never be done on the way: each bug
/// in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class NextBucketTests(ITestOutputHelper output)
{
    private const int Few = 8;

    /// <summary>More than the overlap takes.</summary>
    private const int Overlapped = 20;

    private static readonly Dictionary<Bug, Action<ChangeStage>> cases = new()
    {
        [Bug.OtherBucketIsLeftOpen] = world =>
        {
            UntilCopying(world);
            Other(world).CloudKey.IsDisabled = true;
            world.Turns(Few);
        },
        [Bug.NextBucketIsForgotten] = world =>
        {
            UntilCopying(world);
            world.Name(world.Store);
            world.UntilFollowed(world.Store);
        },
        [Bug.NextBucketGoesWithTheOnlyCopy] = world =>
        {
            UntilCopied(world);
            world.Clients.LoseTarget();
            world.Name(world.Store);
            world.Turns(Overlapped);
        },
        [Bug.OldBucketIsNotFenced] = world =>
        {
            UntilCopied(world);
            while (!IsSwitched(world))
            {
                world.Clients.GetOn();
                world.Turns(1);
            }
        },
        [Bug.OldBucketGoesBeforeTheOverlap] = Change,
        [Bug.CopiesComeUnderTheOldKey] = Change,
        [Bug.OldKeyIsLetGoBeforeItsBucket] = Change,
        [Bug.EarlierNumbersReceiptIsBelieved] = world =>
        {
            Change(world);
            world.Name(world.Store);
            world.UntilFollowed(world.Store);
        },
        [Bug.SwitchLeavesNoMark] = world =>
        {
            UntilSwitched(world);
            world.Clients.WriteAll();
            world.LoseRecord();
            world.Turns(Few);
            world.DemandUnclear();
        },
        [Bug.UnclearBucketsAreFollowed] = world =>
        {
            UntilSwitched(world);
            world.LoseRecord();
            world.Turns(Few);
            world.DemandUnclear();
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
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_bucket_that_somebody_deleted_is_not_made_anew_and_what_was_copied_out_of_it_stands(
        bool isFenced, bool goesBack)
    {
        var world = Begun(Bug.None);
        UntilCopied(world);
        if (isFenced)
        {
            world.Until(() => world.Store.Target!.Fences.Count > 0);
        }

        world.Clients.LoseTarget();
        if (goesBack)
        {
            world.Name(world.Store);
        }

        world.Turns(Overlapped);
        world.Store.Target.ShouldBeNull();
        world.Store.Others.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_next_bucket_that_somebody_deleted_is_made_and_filled_once_more()
    {
        var world = Begun(Bug.None);
        UntilCopied(world);
        world.World.Account.Buckets.Remove(world.Store.Others.First().Name);
        world.UntilFollowed(Other(world));
    }

    [Fact]
    public void Who_reads_by_the_binding_of_before_the_switch_has_all_of_the_overlap_however_late_the_binding_is()
    {
        var world = Begun(Bug.None);
        world.Name(Other(world));
        world.Until(() => world.World.People.StoreRecord(world.Store)?["other"]?["servedAt"] is not null);
        for (var turn = 0; turn < Overlapped; turn++)
        {
            world.Pass(); // the operator is away, and the binding is what it was
        }

        world.UntilFollowed(Other(world));
    }

    private static ChangeStage Begun(Bug seeded)
    {
        var world = new ChangeStage(new Rng(3), seeded,
            one => (one.KeepsVersions, one.World.Account.UpdatesInPlace) = (true, false));
        world.Open();
        return world;
    }

    private static Home Other(ChangeStage world) => world.Store.Spares[0];

    private static void Change(ChangeStage world)
    {
        world.Name(Other(world));
        world.UntilFollowed(Other(world));
    }

    private static void UntilCopying(ChangeStage world)
    {
        world.Name(Other(world));
        world.Until(() => world.World.People.Jobs(world.Store).Count > 0);
    }

    private static void UntilCopied(ChangeStage world)
    {
        world.Name(Other(world));
        world.Until(() => world.Store.Others.Any(bucket => bucket.HasAnyUnder(world.Store.Prefix)));
    }

    private static bool IsSwitched(ChangeStage world) =>
        (string?)world.World.People.Binding(world.Store)?["data"]?["bucket"] == world.Store.TargetName
            && world.Default == Other(world).Key.Name;

    private static void UntilSwitched(ChangeStage world)
    {
        world.Name(Other(world));
        world.Until(() => IsSwitched(world));
    }
}
