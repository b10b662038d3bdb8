using System.Runtime.CompilerServices;
using ByokOperator.Api;
using ByokOperator.Migrations;
using Shouldly;
using Xunit;

namespace Simulation;

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
            world.Happens("the tenant disables the key", () => world.Truth.IsDisabled = true);
            world.Turns(4);
            world.Happens("the tenant enables the key", () => world.Truth.IsDisabled = false);
            world.Turns(Whole);
        },
        ["revoked-and-reopened"] = world =>
        {
            world.Turns(Whole);
            world.Happens("the tenant disables the key", () => world.Truth.IsDisabled = true);
            world.Turns(4);
            world.Happens("the tenant enables the key", () => world.Truth.IsDisabled = false);
            world.Turns(10);
        },
        ["key-replaced"] = world =>
        {
            world.Turns(Whole);
            world.Happens("other material stands under the key's id", () => world.Truth.Material = 2);
            world.Turns(4);
            world.Happens("a person deletes the canary, so that the other key passes for the first", () => world.Truth.Canary = null);
            world.Turns(6);
        },
        ["unreachable-past-staleness"] = world =>
        {
            world.Turns(Whole);
            world.Happens("the KMS becomes unreachable", () => world.Truth.IsUnreachable = true);
            world.Turns(5);
            world.Happens("the operator restarts", world.Operator.Restart);
            world.Turns(12);
            world.Happens("the KMS answers again", () => world.Truth.IsUnreachable = false);
            world.Turns(10);
        },
        ["deposed-leader"] = world =>
        {
            UntilFenced(world);
            world.Happens("a person lifts the fence", () => world.Truth.Fence = null);
            world.Operator.Land(new MigrationAct.MarkServed("digest-f1", "f1"));
            world.Operator.Land(new MigrationAct.RetireBatch("digest-f1", "f1", "b1"));
            world.Turns(Whole);
        },
        ["deleted-mid-migration-and-retained"] = world =>
        {
            UntilFenced(world);
            world.Happens("a person deletes the store and its key", () => world.Truth.StoreIsDeleting = world.Truth.KeyIsDeleting = true);
            world.Turns(10);
            world.Happens("a person deletes the retained bucket", () => world.Truth.IsRetained = false);
            world.Turns(2);
        },
        ["deleted-with-its-data"] = world =>
        {
            world.Turns(Whole);
            world.Happens("a person deletes the store", () => world.Truth.StoreIsDeleting = true);
            world.Turns(3);
            world.Happens("a person confirms the deletion", () => world.Truth.IsDeletionConfirmed = true);
            world.Turns(12);
        },
        ["key-deleted-by-force"] = world =>
        {
            world.Turns(Whole);
            world.Happens("a person deletes the key by force", () => (world.Truth.KeyExists, world.Truth.Canary) = (false, null));
            world.Turns(4);
        },
        ["paused-and-revoked"] = world =>
        {
            UntilFenced(world);
            world.Happens("a person pauses the store", () => world.Truth.IsPaused = true);
            world.Turns(3);
            world.Happens("the tenant revokes", () => world.Truth.KeyState = KeyStates.Revoked);
            world.Turns(4);
        },
    };

    public static TheoryData<string> Names => [.. scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_story_is_the_golden_one(string name)
    {
        var world = new Scenario(truth => Begin(name, truth));
        scenarios[name](world);
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "Stories", $"{name}.story.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, world.Story);
        }

        world.Story.ShouldBe(File.ReadAllText(path));
    }

    private static void UntilFenced(Scenario world)
    {
        while (world.Truth.Fence is null)
        {
            world.Turns(1);
        }
    }

    private static void Begin(string name, Truth truth)
    {
        truth.IsVersioned = true;
        truth.HasShared = name != "nothing-to-migrate";
        truth.Quiesces = name == "quiesced-migration";
        truth.DeletionPolicy = name == "deleted-with-its-data" ? DeletionPolicies.Delete : DeletionPolicies.Retain;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
