using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests.GitOps;

/// <summary>
/// Flux' health of every state by the expressions of <c>integrations/flux/tenant.yaml</c>, judged by upstream's CEL;
/// and the table of all three in docs/gitops.md. <c>UPDATE_GOLDEN=1</c> writes the table anew.
/// </summary>
[Trait("Server", "crdserver")]
[Trait("Server", "lua")]
public sealed class FluxTests
{
    private const string Begin = "<!-- states -->\n";
    private const string End = "\n<!-- /states -->";

    private static readonly string? program = Environment.GetEnvironmentVariable("BYOK_TEST_POLICY");

    [Fact]
    public async Task What_is_reached_is_current_and_what_only_a_person_can_help_with_has_failed()
    {
        var health = await HealthAsync();
        foreach (var state in SeenState.All.Where(one => one.IsObserved))
        {
            (health[state] == Kstatus.Current)
                .ShouldBe(state.Ready == "True"
                    || (state.IsRevokedAsAsked && !state.IsStalled), $"{state.Kind} {state.Name}");
            (health[state] == Kstatus.Failed).ShouldBe(
                state.IsStalled
                    || (!state.IsRevokedAsAsked && (state.Verdict == "Revoked" || state.Availability == "Closed")),
                        $"{state.Kind} {state.Name}");
        }

        SeenState.All.Where(one => !one.IsObserved && health[one] is Kstatus.Current or Kstatus.Failed).ShouldBeEmpty();
    }

    /// <summary>Where Flux has no expressions of ours it goes by kstatus:
    /// that calls nothing done that is not.</summary>
    [Fact]
    public void Kstatus_calls_current_what_is_ready_alone() =>
        SeenState.All.Where(state => Kstatus.Of(state) == Kstatus.Current && state.Ready != "True")
            .Select(state => $"{state.Kind} {state.Name}")
            // no status at all is Current to it
            .ShouldBe(
                ["Tenant not-looked-at", "TenantEncryptionKey none-not-looked-at",
                    "EncryptedStore none-not-looked-at"]);

    [Fact]
    public async Task The_page_shows_every_state()
    {
        var health = await HealthAsync();
        List<string> rows =
            ["| kind | state | `Ready` | Argo CD | Flux | kstatus alone |", "|---|---|---|---|---|---|"];
        foreach (var state in SeenState.All)
        {
            rows.Add(
                $"| {state.Kind} | {state.Name} | {state.Ready ?? ""}{(state.IsStalled ? ", Stalled" : "")} | "
                    + $"{(await ArgoTests.HealthAsync(state))["status"]} | {health[state]} | {Kstatus.Of(state)} |");
        }

        var path = Repository.PathTo("docs", "gitops.md");
        var page = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (start, end) =
            (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var made = page[..start] + string.Join('\n', rows) + page[end..];
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, made, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(made);
    }

    /// <summary>As fluxcd/pkg's evaluator does it: another generation first, then failed, then current;
    /// what none says is in progress.</summary>
    private static async Task<Dictionary<SeenState, string>> HealthAsync()
    {
        Assert.SkipWhen(program is null, "BYOK_TEST_POLICY names no program that judges CEL");
        var given = Yaml.Parse(await File.ReadAllTextAsync(Repository.PathTo("integrations", "flux", "tenant.yaml")))
            .Single()["spec"]!["healthCheckExprs"]!.AsArray();
        given.Select(one => (string)one!["kind"]!).Order().ShouldBe(SeenState.Kinds.Order());
        Dictionary<SeenState, string> health = [];
        foreach (var exprs in given)
        {
            var states = SeenState.All.Where(one => one.Kind == (string)exprs!["kind"]!).ToList();
            var (failed, current) = (await TrueOfAsync((string)exprs!["failed"]!, states),
                await TrueOfAsync((string)exprs["current"]!, states));
            foreach (var state in states)
            {
                health[state] = state.Content["status"] is not null && !state.IsObserved ? Kstatus.InProgress
                    : state.Content["status"] is null ? "Unknown" // no field of the name: Flux asks again
                    : failed.Contains(state) ? Kstatus.Failed
                    : current.Contains(state) ? Kstatus.Current
                    : Kstatus.InProgress;
            }
        }

        return health;
    }

    /// <summary>As the validation of a policy. Flux gives the object's own fields as variables,
    /// which here are bound around the expression.</summary>
    private static async Task<HashSet<SeenState>> TrueOfAsync(string expression, IReadOnlyList<SeenState> states)
    {
        var asked = states.Where(state => state.Content["status"] is not null).ToList();
        var bound =
            $"[object.status].all(status, [object.metadata].all(metadata, [object.spec].all(spec, {expression})))";
        JsonObject input = new()
        {
            ["policy"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["failurePolicy"] = "Fail",
                    ["validations"] =
                        new JsonArray(new JsonObject { ["expression"] = bound, ["message"] = "it is not so" }),
                },
            },
            ["requests"] = new JsonArray(
                [.. asked.Select(state =>
                    new JsonObject
                    {
                        ["operation"] = "UPDATE",
                        ["resource"] = "any",
                        ["object"] = state.Content.DeepClone(),
                        ["oldObject"] = state.Content.DeepClone(),
                    })]),
        };
        var answers = (await Command.RunAsync(program!, [], input.ToJsonString())).Require()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        answers.Where(answer => answer is not ("allow" or "deny: it is not so")).ShouldBeEmpty();
        return [.. asked.Where((_, at) => answers[at] == "allow")];
    }
}
