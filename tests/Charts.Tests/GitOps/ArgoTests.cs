using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Simulation.Real;
using Xunit;

namespace Charts.Tests.GitOps;

/// <summary>Argo CD's health of every state, and its actions, as the scripts under <c>integrations/argocd</c> say.
/// <c>UPDATE_GOLDEN=1</c> writes the tests of upstream's layout.</summary>
[Trait("Server", "lua")]
public sealed class ArgoTests
{
    /// <summary>Until a person or a clock says otherwise.</summary>
    private static readonly string[] Waiting = ["-paused", "-planned", "-window-not-open", "-window-ends-too-soon"];

    private static readonly string[] Known = ["Healthy", "Progressing", "Degraded", "Suspended"];

    public static TheoryData<string> Kinds => [.. SeenState.Kinds];

    public static TheoryData<string, string> States => [.. SeenState.All.Select(state => (state.Kind, state.Name))];

    /// <summary>As <c>health_test.yaml</c> says, in the words that Argo CD's own test reads.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_health_of_every_state_is_in_the_test_of_the_kind(string kind)
    {
        JsonArray tests = [];
        foreach (var state in SeenState.All.Where(one => one.Kind == kind))
        {
            tests.Add(
                new JsonObject
                {
                    ["healthStatus"] = await HealthAsync(state),
                    ["inputPath"] = $"testdata/{state.Name}.yaml",
                });
        }

        ShouldBeKept(Path.Combine(SeenState.Folder(kind), "health_test.yaml"),
            YamlText.Of(new JsonObject { ["tests"] = tests }));
    }

    /// <summary>What follows for every state from what stands in it, whatever the script is.</summary>
    [Theory]
    [MemberData(nameof(States))]
    public async Task Health_never_says_more_than_was_seen(string kind, string name)
    {
        var state = SeenState.All.Single(one => one.Kind == kind && one.Name == name);
        var health = (string)(await HealthAsync(state))["status"]!;
        Known.ShouldContain(health);
        if (!state.IsObserved)
        {
            health.ShouldBe("Progressing");
            return;
        }

        (health == "Healthy")
            .ShouldBe(!state.IsDeleting
                && (state.Ready == "True" || (kind == "TenantEncryptionKey" && state.IsRevokedAsAsked)));
        (health == "Degraded")
            .ShouldBe(state.IsStalled
                || (!state.IsDeleting && !state.IsRevokedAsAsked
                    && (state.Verdict == "Revoked" || state.Availability == "Closed")));
        (health == "Suspended")
            .ShouldBe(!state.IsStalled
                && ((kind == "EncryptedStore" && state.IsRevokedAsAsked)
                    || Waiting.Any(reason => state.Name.EndsWith(reason, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("Tenant", "ready", "look-now", "byok.dev/reconcile-at")]
    [InlineData("TenantEncryptionKey", "usable-ready", "look-now", "byok.dev/reconcile-at")]
    [InlineData("EncryptedStore", "open-ready", "look-now", "byok.dev/reconcile-at")]
    [InlineData("EncryptedStore", "open-ready", "report-now", "byok.dev/report-at")]
    public async Task An_action_writes_its_annotation_and_nothing_else(
        string kind, string name, string action, string annotation)
    {
        var state = SeenState.All.Single(one => one.Kind == kind && one.Name == name);
        var folder = Path.Combine(SeenState.Folder(kind), "actions");
        var changed = (await Lua.RunAsync(Path.Combine(folder, action, "action.lua"), state.Content)).AsObject();
        (string.Join(' ', changed["metadata"]!["annotations"]!.AsObject().Select(one => $"{one.Key}={one.Value}")))
            .ShouldBe($"{annotation}=0001-01-01T00:00:00Z");
        ShouldBeKept(Path.Combine(folder, "testdata", $"{name}-{action}.yaml"), YamlText.Of(changed));
        changed["metadata"]!.AsObject().Remove("annotations");
        JsonNode.DeepEquals(changed, state.Content).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_actions_that_are_offered_are_those_that_stand_there(string kind)
    {
        var folder = Path.Combine(SeenState.Folder(kind), "actions");
        foreach (var state in SeenState.All.Where(one => one.Kind == kind))
        {
            var offered = (await Lua.RunAsync(Path.Combine(folder, "discovery.lua"), state.Content)).AsObject();
            offered.Select(one => one.Key).Order()
                .ShouldBe(Directory.EnumerateFiles(folder, "action.lua", SearchOption.AllDirectories)
                    .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Order());
            offered.Where(one => (bool)one.Value!["disabled"]!).Select(one => one.Key)
                .ShouldBe(kind == "EncryptedStore" && state.IsDeleting ? ["report-now"] : []);
        }

        var (rested, done) =
            kind switch { "Tenant" => ("ready", 1), "EncryptedStore" => ("open-ready", 2), _ => ("usable-ready", 1) };
        var actions = Directory.EnumerateFiles(folder, "action.lua", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Order().ToList();
        actions.Count.ShouldBe(done);
        var tests = new JsonArray([.. actions.Select(action => new JsonObject
        {
            ["action"] = action, ["inputPath"] = $"../testdata/{rested}.yaml",
            ["expectedOutputPath"] = $"testdata/{rested}-{action}.yaml",
        })]);
        ShouldBeKept(Path.Combine(folder, "action_test.yaml"), YamlText.Of(new JsonObject { ["actionTests"] = tests }));
    }

    internal static Task<JsonNode> HealthAsync(SeenState state) =>
        Lua.RunAsync(Path.Combine(SeenState.Folder(state.Kind), "health.lua"), state.Content);

    private static void ShouldBeKept(string path, string text)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        File.ReadAllText(path).ShouldBe(text);
    }
}
