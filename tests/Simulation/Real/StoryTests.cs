using System.Runtime.CompilerServices;
using ByokOperator.Api;
using ByokOperator.Migrations;
using Shouldly;
using Xunit;

namespace Simulation.Real;

/// <summary>Golden stories: what an operator's log would tell. <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class StoryTests
{
    /// <summary>Enough turns for a whole migration.</summary>
    private const int Whole = 60;

    private static readonly Dictionary<string, Action<Scenario>> scenarios = new()
    {
        ["calm-migration"] = world => world.Turns(Whole),
        ["nothing-to-migrate"] = world => world.Turns(Whole),
        ["quiesced-migration"] = world => world.Turns(Whole),
        ["revoked-mid-copy"] = world =>
        {
            world.Turns(9);
            world.Happens("the tenant disables the key", () => world.Home.CloudKey.IsDisabled = true);
            world.Turns(4);
            world.Happens("the tenant enables the key", () => world.Home.CloudKey.IsDisabled = false);
            world.Turns(Whole);
        },
        ["revoked-and-reopened"] = world =>
        {
            world.Turns(Whole);
            world.Happens("the tenant disables the key", () => world.Home.CloudKey.IsDisabled = true);
            world.Turns(4);
            world.Happens("the tenant enables the key", () => world.Home.CloudKey.IsDisabled = false);
            world.Turns(10);
        },
        ["key-replaced"] = world =>
        {
            world.Turns(Whole);
            world.Happens("other material stands under the key's id", () => world.Home.CloudKey.Material = 2);
            world.Turns(4);
            world.Happens("a person deletes the key's record, so that the other key passes for the first",
                () => world.World.People.ForgetKeyRecord(world.Home));
            world.Turns(6);
        },
        ["unreachable-past-staleness"] = world =>
        {
            world.Turns(Whole);
            world.Happens("the KMS becomes unreachable", () => world.Home.CloudKey.Silence = "Unreachable");
            world.Turns(5);
            world.Happens("the operator restarts", world.Operator.Restart);
            world.Turns(12);
            world.Happens("the KMS answers again", () => world.Home.CloudKey.Silence = null);
            world.Turns(10);
        },
        ["deposed-leader"] = world =>
        {
            UntilFenced(world);
            var fence = world.Home.Fence!;
            world.Happens("a person lifts the fence", () => world.LiftFence());
            world.Operator.Land(world.Home, new MigrationAct.MarkServed("digest", fence));
            world.Operator.Land(world.Home, new MigrationAct.RetireBatch("digest", fence, "binding"));
            world.Turns(Whole);
        },
        ["deleted-mid-migration-and-retained"] = world =>
        {
            UntilFenced(world);
            world.Happens("a person deletes the store and its key", () => world.DeleteStoreAndKey());
            world.Turns(10);
            world.Happens("a person deletes the retained bucket",
                () => world.World.Account.Buckets.Remove(world.Home.TargetName));
            world.Turns(2);
        },
        ["deleted-with-its-data"] = world =>
        {
            world.Turns(Whole);
            world.Happens("a person deletes the store", () => world.DeleteStore());
            world.Turns(3);
            world.Happens("a person confirms the deletion", () => world.ConfirmDeletion());
            world.Turns(12);
        },
        ["calm-return"] = world =>
        {
            world.Turns(Whole);
            world.Happens("somebody takes the key out of the store",
                () => world.World.People.NameKey(world.Home, null));
            world.Turns(2);
            Consents(world);
            world.Turns(Whole);
            world.Happens("the tenant disables the key", () => world.Home.CloudKey.IsDisabled = true);
            world.Turns(4);
        },
        ["revoked-mid-return"] = world =>
        {
            UntilReturning(world);
            world.Happens("the tenant disables the key", () => world.Home.CloudKey.IsDisabled = true);
            world.Turns(4);
            world.Happens("the operator restarts", world.Operator.Restart);
            world.Turns(3);
            world.Happens("the tenant enables the key", () => world.Home.CloudKey.IsDisabled = false);
            world.Turns(Whole);
        },
        ["return-taken-back"] = world =>
        {
            UntilReturning(world);
            world.Happens("somebody names the key again",
                () => world.World.People.NameKey(world.Home, world.Home.Key.Name));
            world.Turns(20);
        },
        ["key-deleted-by-force"] = world =>
        {
            world.Turns(Whole);
            world.Happens("a person deletes the key by force", () => world.DeleteKeyByForce());
            world.Turns(4);
        },
        ["paused-and-revoked"] = world =>
        {
            UntilFenced(world);
            world.Happens("a person pauses the store",
                () => world.World.People.Annotate(world.Home, Labels.Paused, "true"));
            world.Turns(3);
            world.Happens("the tenant revokes", () => world.World.People.SetState(world.Home, KeyStates.Revoked));
            world.Turns(4);
        },
    };

    public static TheoryData<string> Names => [.. scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_story_is_the_golden_one(string name)
    {
        using var world = new Scenario(home => Begin(name, home));
        scenarios[name](world);
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "Stories", $"{name}.story.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, world.Story);
        }

        world.Story.ShouldBe(File.ReadAllText(path));
    }

    private static void Consents(Scenario world) => world.Happens(
        "its owner consents",
        () =>
            world.World.People.Annotate(world.Home, Labels.ConfirmReturn,
                $"{world.Home.Store.Name}/{world.Home.Key.Name}"));

    /// <summary>Something was copied back, and the store is fenced for the rest.</summary>
    private static void UntilReturning(Scenario world)
    {
        world.Turns(Whole);
        world.Happens("somebody takes the key out of the store", () => world.World.People.NameKey(world.Home, null));
        Consents(world);
        world.Until(() => world.Home.Target is { Fences.Count: > 0 });
    }

    private static void UntilFenced(Scenario world)
    {
        while (world.Home.Fence is null)
        {
            world.Turns(1);
        }
    }

    private static void Begin(string name, Home home)
    {
        home.Shared.IsVersioned = true;
        home.HasShared = name != "nothing-to-migrate";
        home.Quiesces = name == "quiesced-migration";
        home.DeletionPolicy = name == "deleted-with-its-data" ? DeletionPolicies.Delete : DeletionPolicies.Retain;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
