using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Tests.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Simulation.Real;

/// <summary>
/// What a key and a store look like in every state of these stories, as the operator itself wrote it: the testdata of
/// Argo CD's health checks, which Flux' are held against too (docs/gitops.md). <c>UPDATE_GOLDEN=1</c> writes it anew.
/// </summary>
public sealed class StateTests
{
    /// <summary>Enough turns for a whole migration.</summary>
    private const int Whole = 60;

    /// <summary>More than <c>maxStaleness</c>.</summary>
    private const int Stale = 16;

    private const int Few = 4;

    private static readonly Dictionary<string, Action<Scenario>> stories = new()
    {
        ["calm"] = world => world.Turns(Whole),
        ["quiesced"] = world => world.Turns(Whole),
        ["waits for its window"] = world => world.Turns(Whole),
        ["planned"] = world => world.Turns(Few),
        ["disabled"] =
            Then(world => world.Home.CloudKey.IsDisabled = true, world => world.Home.CloudKey.IsDisabled = false),
        ["revoked"] = Then(world => world.World.People.SetState(world.Home, KeyStates.Revoked),
            world => world.World.People.SetState(world.Home, KeyStates.Active)),
        ["archived"] = Then(world => world.World.People.SetState(world.Home, "Archived")),
        ["unreachable"] = Then(world => world.Home.CloudKey.Silence = "Unreachable", world => world.Turns(Stale),
            world => world.Home.CloudKey.Silence = null),
        ["replaced"] = Then(world => world.Home.CloudKey.Material = 2),
        ["paused"] = Then(world => world.World.People.Annotate(world.Home, Labels.Paused, "true")),
        ["paused while it is copied"] = world =>
        {
            world.Turns(Few);
            world.World.People.Annotate(world.Home, Labels.Paused, "true");
            world.Turns(Few);
        },
        ["a stranger's bucket"] =
            Then(world => world.Home.Target!.Owner = "somebody", world => world.Home.CloudKey.IsDisabled = true),
        ["no denial is taken"] = Then(world => world.Home.Target!.RefusesDenial = true,
            world => world.Home.CloudKey.IsDisabled = true, world => world.Turns(Stale)),
        ["nobody may look"] =
            Then(world => world.Home.Target!.IsForbidden = true, world => world.Home.CloudKey.IsDisabled = true),
        ["the bucket is gone"] = Then(world => world.World.Account.Buckets.Remove(world.Home.TargetName)),
        ["taken back"] = world =>
        {
            world.World.People.TakeBack(world.Home);
            world.Turns(Few);
            world.World.People.Give(world.Home);
            world.Turns(Few);
        },
        ["a record is nonsense"] = Then(world => world.HurtKeyRecord()),
        ["the key goes first"] = Then(world => world.World.People.Delete<TenantEncryptionKey>(world.Home.Key)),
        ["the store goes first"] = Then(world => world.DeleteStoreAndKey()),
        ["deleted unconfirmed"] = Then(world => world.DeleteStore()),
        ["the key goes by force"] = Then(world => world.DeleteKeyByForce()),
        ["written past the fence"] = world =>
        {
            while (world.Home.Fence is null)
            {
                world.Turns(1);
            }

            world.LiftFence();
            world.Turns(Whole);
        },
    };

    [Fact]
    public void Every_state_is_among_the_testdata_of_the_health_checks()
    {
        var seen = stories.SelectMany(story => StatesOf(story.Key, story.Value)).DistinctBy(state => state.Path)
            .ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            foreach (var folder in seen.Select(state => Path.GetDirectoryName(state.Path)!).Distinct())
            {
                Directory.CreateDirectory(folder);
                foreach (var old in Directory.EnumerateFiles(folder))
                {
                    File.Delete(old);
                }
            }

            seen.ForEach(state => File.WriteAllText(state.Path, state.Text));
        }

        var there = seen.Select(state => Path.GetDirectoryName(state.Path)!).Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder));
        seen.Select(state => state.Path).Order()
            .ShouldBe(there.Order(),
                "docs/gitops.md speaks of every state: write the testdata anew with UPDATE_GOLDEN=1, then that of "
                    + "Charts.Tests");
        seen.Where(state =>
            State.Summary(Yaml.Parse(File.ReadAllText(state.Path)).Single())
                != State.Summary(Yaml.Parse(state.Text).Single())).Select(state => state.Path).ShouldBeEmpty();
    }

    private static List<State> StatesOf(string name, Action<Scenario> story)
    {
        List<State> seen = [];
        using var world = new Scenario(home =>
        {
            home.Shared.IsVersioned = true;
            home.Quiesces = name == "quiesced";
            home.Waits = name == "waits for its window";
            home.IsPlanned = name == "planned";
            home.HasShared = name != "the bucket is gone"; // nobody wrote what would be lost
            home.DeletionPolicy = name == "deleted unconfirmed" ? DeletionPolicies.Delete : DeletionPolicies.Retain;
        });
        void Look()
        {
            seen.AddRange(((JsonObject?[])[world.World.People.Key(world.Home), world.World.People.Store(world.Home)])
                .OfType<JsonObject>().Select(State.Of));
        }

        Look();
        world.Looked = Look;
        story(world);
        return seen;
    }

    /// <summary>One after the other in a world at rest, a few turns each.</summary>
    private static Action<Scenario> Then(params Action<Scenario>[] happenings) => world =>
    {
        world.Turns(Whole);
        foreach (var happens in happenings)
        {
            happens(world);
            world.Turns(Few);
        }
    };

    /// <summary>The files hold whole objects, so that they read as what people see;
    /// compared is what a health check may go by.</summary>
    /// <param name="Path">Called after what a person would call the state.</param>
    private sealed record State(string Path, string Text)
    {
        private static readonly string[] Summaries = ["Ready", "Reconciling", "Stalled"];

        private static readonly string[] OfTheServer = ["resourceVersion", "managedFields", "creationTimestamp"];

        public static State Of(JsonObject found)
        {
            var state = found.DeepClone().AsObject();
            foreach (var field in OfTheServer)
            {
                state["metadata"]!.AsObject().Remove(field);
            }

            return new(PathOf((string)state["kind"]!, NameOf(state)), YamlText.Of(state));
        }

        public static string Summary(JsonNode state)
        {
            var (metadata, status) = (state["metadata"]!, state["status"]);
            var conditions = status?["conditions"]?.AsArray().Where(one => Summaries.Contains((string?)one!["type"]))
                .Select(one => $"{one!["type"]}={one["status"]} {one["reason"]}").Order();
            return string.Join('\n', (string?[])
            [
                .. (IEnumerable<string>?)conditions ?? [],
                $"{status?["verdict"]}{status?["availability"]} {status?["closedReason"]}",
                (string?)state["spec"]!["state"],
                $"{metadata["deletionTimestamp"] is not null} {metadata["generation"]} {status?["observedGeneration"]}",
            ]);
        }

        private static string NameOf(JsonObject state)
        {
            var status = state["status"];
            var ready = status?["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["type"] == "Ready");
            var stands = (string?)status?["availability"] ?? (string?)status?["verdict"] ?? "None";
            string[] words =
            [
                .. state["metadata"]!["deletionTimestamp"] is null ? (string[])[] : ["Deleting"],
                stands,
                ready is null ? "NotLookedAt" : (string)ready["reason"]!,
                .. (long?)status?["observedGeneration"] < (long?)state["metadata"]!["generation"]
                    ? (string[])["Changed"] : [],
            ];
            return string.Join('-', words.Distinct().Select(Kebab));
        }

        private static string Kebab(string word) => string.Concat(word.Select((letter, at) =>
            char.IsAsciiLetterUpper(letter) && at > 0 && !char.IsAsciiLetterUpper(word[at - 1])
                ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

        private static string PathOf(string kind, string name, [CallerFilePath] string here = "") =>
            System.IO.Path.GetFullPath(System.IO.Path.Combine(
                System.IO.Path.GetDirectoryName(here)!, "../../../integrations/argocd/resource_customizations/byok.dev",
                kind, "testdata", $"{name}.yaml"));
    }
}
