using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;
using Shouldly;
using Simulation.Real.Clouds;
using Xunit;

namespace Simulation.Real.Changes;

/// <summary>
/// A store that goes to another key of its tenant's, through the real ladder, executors and workers, and what must
/// never be done on the way: each bug in the shortest story that shows it, and the same story without it.
/// </summary>
public sealed class ChangeTests(ITestOutputHelper output)
{
    private const int Few = 8;

    /// <summary>More than the overlap takes.</summary>
    private const int Overlapped = 20;

    private static readonly Dictionary<Bug, Action<ChangeStage>> cases = new()
    {
        [Bug.OldKeyUnpinnedBeforeZero] = world => Change(world),
        [Bug.OneShardsCensusCountsForAll] = world => Change(world),
        [Bug.AnotherRunsCensusCounts] = world =>
        {
            Change(world);
            Change(world, 1);
        },
        [Bug.HeadTellsTheNewKey] = world => Change(world),
        [Bug.UpdateIsSaidAndNotDone] = world => Change(world),
        [Bug.EarlierVersionsAreForgotten] = world =>
        {
            world.Clients.WriteAll();
            Change(world);
        },
        [Bug.MarksAreForgotten] = world => Change(world),
        [Bug.UploadsAreForgotten] = world =>
        {
            world.Clients.Begin(world.Store.Target!, null);
            Change(world);
            world.Store.Target!.Uploads.ToList().ForEach(upload => world.Clients.Complete(world.Store.Target!, upload));
            world.Turns(1);
        },
        [Bug.NewerObjectIsWrittenOver] = world =>
        {
            world.Name(Other(world));
            world.Until(() => world.World.People.Jobs(world.Store).Count > 0, withPods: false);
            world.Work(isRough: false);
            world.Clients.WriteAll();
            world.UntilFollowed(Other(world));
        },
        [Bug.OldKeyRevokedStaysOpen] = world =>
        {
            world.Name(Other(world));
            world.Until(() => world.Pinned.Count == 2);
            Other(world).CloudKey.IsDisabled = true;
            world.Turns(Few);
        },
        [Bug.ReopensOnOneOfTwoKeys] = world =>
        {
            UntilRedirected(world);
            world.World.People.SetRotation(world.Store, StoreRotation.Keep);
            world.Turns(Overlapped);
            world.Store.CloudKey.IsDisabled = true;
            world.Turns(Few);
        },
        [Bug.UnusableCandidateCloses] = world =>
        {
            Other(world).CloudKey.IsDisabled = true;
            world.Turns(Few);
            world.Name(Other(world));
            world.Turns(Few);
            (world.IsOpen, world.Default, world.Pinned.Count).ShouldBe((true, Home.UsualKey, 1));
        },
        [Bug.RedirectsOnAnOldProof] = world =>
        {
            world.Name(Other(world));
            world.Until(() => Stage(world, Other(world)) == PinStages.Admitted);
            Other(world).CloudKey.IsDisabled = true;
            world.Turns(Few);
        },
        [Bug.NewKeyIsNotAdmitted] = world => WhileClientsWrite(world, Overlapped),
        [Bug.OldKeyIsAdmittedForEver] = world =>
        {
            Change(world);
            world.Clients.WriteUnder(world.Store.CloudKey.Arn);
            world.Turns(1);
        },
        [Bug.OverlapIsCutShort] = world => WhileClientsWrite(world, Overlapped),
        [Bug.KeptKeyIsLetGo] = world =>
        {
            world.World.People.SetRotation(world.Store, StoreRotation.Keep);
            Change(world);
            world.Turns(Overlapped);
        },
        [Bug.OldKeysObjectIsLetGo] = world =>
        {
            world.World.People.SetRotation(world.Store, StoreRotation.Keep);
            Change(world);
            world.World.People.Delete<TenantEncryptionKey>(world.Store.Key);
            world.Turns(Few);
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
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Everything_comes_under_the_new_key_and_the_old_one_may_be_switched_off(bool keepsVersions, bool inPlace)
    {
        var world = Begun(keepsVersions, inPlace);
        Change(world);
        Under(world).ShouldBe([Other(world).CloudKey.Arn]);

        world.Store.CloudKey.IsDisabled = true;
        world.Turns(Few);
        world.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Versions_under_a_key_of_another_account_move_to_the_next_bucket_and_the_old_one_goes()
    {
        var world = Begun(keepsVersions: true, inPlace: false);
        world.Clients.WriteAll();
        var old = world.Store.TargetName;
        Change(world);
        Under(world).ShouldBe([Other(world).CloudKey.Arn]);
        world.World.Account.Find(old).ShouldBeNull();
        Change(world, 1);
        Under(world).ShouldBe([world.Store.CloudKey.Arn]);
        world.Store.TargetName.ShouldBe(old[..^1] + "3");
    }

    public static TheoryData<string, bool> Rungs
    {
        get
        {
            TheoryData<string, bool> all = [];
            foreach (var rung in new[] { "Pinned", "Begun", "Made", "Copying", "Fenced", "Marked", "Moved", "Retired" })
            {
                all.Add(rung, true);
                all.Add(rung, false);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Either_key_revoked_at_any_rung_of_the_move_shuts_both_buckets_and_the_same_two_keys_lead_on(
        string rung, bool isOld)
    {
        var world = Begun(keepsVersions: true, inPlace: false);
        world.Clients.WriteAll();
        UntilMoving(world, rung);
        var key = isOld ? world.Store : Other(world);
        world.World.People.SetState(key, KeyStates.Revoked);
        world.Turns(Few, withPods: false);
        world.IsOpen.ShouldBeFalse();
        world.Store.Others.Prepend(world.Store.Target!).ShouldAllBe(bucket => bucket.IsDenied);

        world.World.People.SetState(key, KeyStates.Active);
        world.UntilFollowed(Other(world));
        Under(world).ShouldBe([Other(world).CloudKey.Arn]);
        world.Store.Others.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Pinned")]
    [InlineData("Begun")]
    [InlineData("Made")]
    [InlineData("Copying")]
    [InlineData("Fenced")]
    [InlineData("Moved")]
    [InlineData("Retired")]
    public void Whoever_goes_back_at_any_rung_of_the_move_ends_under_the_first_key_in_one_bucket(string rung)
    {
        var world = Begun(keepsVersions: true, inPlace: false);
        world.Clients.WriteAll();
        UntilMoving(world, rung);
        world.Name(world.Store);
        world.UntilFollowed(world.Store);
        Under(world).ShouldBe([world.Store.CloudKey.Arn]);
        world.Store.Others.ShouldBeEmpty();
        world.Store.Target!.Fences.ShouldBeEmpty();
    }

    /// <summary>As far as the record and the buckets tell.</summary>
    private static void UntilMoving(ChangeStage world, string rung)
    {
        world.Name(Other(world));
        world.Until(() => rung switch
        {
            "Pinned" => Stage(world, Other(world)) == PinStages.Pinned,
            "Begun" => Record(world)["other"] is not null,
            "Made" => world.Store.Others.Any(),
            "Copying" => world.World.People.Jobs(world.Store).Count > 0,
            "Fenced" => world.Store.Target!.Fences.Count > 0,
            "Marked" => world.Store.Others.Any(bucket => bucket.Of(".byok/receipt.json") is [.., _]),
            "Moved" => Stage(world, world.Store) == PinStages.Moved,
            _ => Record(world)["other"]?["retiredAt"] is not null,
        });
    }

    private static System.Text.Json.Nodes.JsonNode Record(ChangeStage world) =>
        world.World.People.StoreRecord(world.Store)!;

    [Fact]
    public void Where_old_objects_are_kept_both_keys_stay_and_either_one_closes()
    {
        var world = Begun(keepsVersions: true, inPlace: false);
        world.World.People.SetRotation(world.Store, StoreRotation.Keep);
        Change(world);
        world.Pinned.ShouldBe(["key2", "key"]);
        foreach (var key in new[] { world.Store, Other(world) })
        {
            key.CloudKey.IsDisabled = true;
            world.Turns(Few);
            world.IsOpen.ShouldBeFalse();
            key.CloudKey.IsDisabled = false;
            world.Turns(Few);
            world.IsOpen.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_third_key_named_on_the_way_is_followed_once_the_second_has_it_all()
    {
        var world = Begun(keepsVersions: true, inPlace: true);
        UntilRedirected(world);
        world.Name(world.Store.Spares[1]);
        world.Until(() => world.Default == "key3");
        Under(world).ShouldBe([Other(world).CloudKey.Arn]);
        world.UntilFollowed(world.Store.Spares[1]);
        Under(world).ShouldBe([world.Store.Spares[1].CloudKey.Arn]);
    }

    [Theory]
    [InlineData("Pinned")]
    [InlineData("Admitted")]
    [InlineData("Leaving")]
    public void Whoever_goes_back_ends_under_the_first_key_alone(string stage)
    {
        var world = Begun(keepsVersions: true, inPlace: true);
        world.Name(Other(world));
        world.Until(() => Stage(world, Other(world)) == stage || Stage(world, world.Store) == stage);
        world.Name(world.Store);
        world.UntilFollowed(world.Store);
        Under(world).ShouldBe([world.Store.CloudKey.Arn]);
    }

    [Theory]
    [InlineData("Pinned", true)]
    [InlineData("Admitted", true)]
    [InlineData("Leaving", true)]
    [InlineData("Refused", true)]
    [InlineData("Pinned", false)]
    [InlineData("Admitted", false)]
    [InlineData("Leaving", false)]
    [InlineData("Refused", false)]
    public void Either_key_revoked_at_any_rung_closes_and_the_same_two_open_again(string stage, bool isOld)
    {
        var world = Begun(keepsVersions: true, inPlace: true);
        world.Name(Other(world));
        world.Until(() => Stage(world, Other(world)) == stage || Stage(world, world.Store) == stage, withPods: false);
        var key = isOld ? world.Store : Other(world);
        world.World.People.SetState(key, KeyStates.Revoked);
        world.Turns(Few, withPods: false);
        (world.IsOpen, world.Store.Target!.IsDenied).ShouldBe((false, true));

        world.World.People.SetState(key, KeyStates.Active);
        world.UntilFollowed(Other(world));
        Under(world).ShouldBe([Other(world).CloudKey.Arn]);
    }

    [Fact]
    public void After_a_restart_one_revoked_key_closes_though_the_other_was_not_judged_yet()
    {
        var world = Begun(keepsVersions: true, inPlace: true);
        UntilRedirected(world);
        world.World.People.SetState(world.Store, KeyStates.Revoked);
        world.Operator.Restart();
        world.Operator.ReconcileKey(world.Store, rough: false);
        world.Operator.ReconcileStore(world.Store, rough: false);
        world.Store.Target!.IsDenied.ShouldBeTrue();
    }

    private static ChangeStage Begun(Bug story, Bug seeded)
    {
        var isCopied = story is Bug.NewerObjectIsWrittenOver;
        return Begun(keepsVersions: story is Bug.EarlierVersionsAreForgotten or Bug.MarksAreForgotten,
            inPlace: !isCopied, seeded);
    }

    private static ChangeStage Begun(bool keepsVersions, bool inPlace, Bug seeded = Bug.None)
    {
        var world = new ChangeStage(new Rng(3), seeded,
            one => (one.KeepsVersions, one.World.Account.UpdatesInPlace) = (keepsVersions, inPlace));
        world.Open();
        return world;
    }

    private static Home Other(ChangeStage world) => world.Store.Spares[0];

    /// <summary>To the second key; or to the first again.</summary>
    private static void Change(ChangeStage world, int to = 2)
    {
        var key = to == 1 ? world.Store : Other(world);
        world.Name(key);
        world.UntilFollowed(key);
    }

    private static void UntilRedirected(ChangeStage world)
    {
        world.Name(Other(world));
        world.Until(() => world.Default == Other(world).Key.Name);
    }

    private static void WhileClientsWrite(ChangeStage world, int turns)
    {
        UntilRedirected(world);
        for (var turn = 0; turn < turns; turn++)
        {
            world.Clients.GetOn();
            world.Turns(1);
        }
    }

    private static string? Stage(ChangeStage world, Home key) =>
        (world.World.People.StoreRecord(world.Store)?["alsoPinned"]?.AsArray() ?? [])
            .Where(one => (string?)one!["name"] == key.Key.Name)
            .Select(one => (string?)one!["stage"] ?? PinStages.Refused).FirstOrDefault();

    private static string[] Under(ChangeStage world) =>
        [.. world.Store.Target!.Under("").Where(entry => !entry.IsMarker).Select(entry => entry.KeyId).Distinct()];
}
