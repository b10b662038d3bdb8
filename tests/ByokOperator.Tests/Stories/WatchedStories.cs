using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A platform that watches the operator by a real Prometheus: each of the chart's alerts fires once the world
/// is as it says and resolves once that is mended, and the dashboard shows all of it.</summary>
[Trait("Server", "prometheus")]
public sealed class WatchedStories(ITestOutputHelper output)
{
    private const string NoLeader = "ByokNoLeader";

    private readonly ConcurrentQueue<string> seen = [];

    [Fact(Timeout = LastResort.Story)]
    public async Task Each_alert_fires_and_resolves_and_no_panel_of_the_dashboard_is_empty()
    {
        await using var world = await WatchedWorld.StartAsync();
        await PassAsync(world, new("the Lease is held by a replica that is gone", [NoLeader],
            () => Task.CompletedTask, () => Task.CompletedTask));
        var states = await new WatchedStates(world).PrepareAsync();
        await QuietAsync(world, "while all is well");
        (await Task.WhenAll(states.Select(async state => await Record.ExceptionAsync(() => PassAsync(world, state)))))
            .OfType<Exception>().Select(failure => failure.Message).ShouldBeEmpty(string.Join('\n', seen));
        await QuietAsync(world, "once all is mended");
        await ShownAsync(world.Prometheus);
        await PassAsync(world, new("the only replica is killed", [NoLeader], world.KillOperatorAsync, () =>
        {
            world.Operate();
            return Task.CompletedTask;
        }));

        output.WriteLine($"Rules of the chart, every length of time in them divided by {ScaledRules.Factor}.");
        output.WriteLine($"{"alert",-62} {"for",4} {"fired",7} {"resolved",9}  what made it fire");
        seen.Order(StringComparer.Ordinal).ToList().ForEach(output.WriteLine);
        seen.Select(line => line.Split('{', ' ')[0]).Distinct()
            .ShouldBe(Rules().Select(rule => (string)rule["alert"]!), ignoreOrder: true);
    }

    [Theory]
    [InlineData("max(x) > 300", "max(x) > 5")]
    [InlineData("sum by (y) (rate(x[10m])) > 0.1", "sum by (y) (rate(x[10s])) > 0.1")]
    [InlineData("min(x > 0) - time() < 604800", "min(x > 0) - time() < 10080")]
    [InlineData("(sum(x) or vector(0)) < 1", "(sum(x) or vector(0)) < 1")]
    public void Nothing_but_lengths_of_time_is_changed_in_a_rule(string rule, string scaled) =>
        ScaledRules.Scaled(rule).ShouldBe(scaled);

    private static IEnumerable<JsonObject> Rules() => ScaledRules.Alerts(ScaledRules.Read());

    /// <summary>From what goes wrong to the alert, and from the mend to its end.</summary>
    private async Task PassAsync(WatchedWorld world, WatchedState state)
    {
        var broken = TimeProvider.System.GetTimestamp();
        await state.Break();
        var fired = await Task.WhenAll(state.Alerts.Select(alert => UntilAsync(world, broken, $"{alert} fires",
            () => world.Prometheus.QueryAsync($"count_over_time({Firing(alert)}[{Since(broken)}s])"), holds: true)));
        var mended = TimeProvider.System.GetTimestamp();
        await state.Mend();
        var resolved = await Task.WhenAll(state.Alerts.Select(alert => UntilAsync(world, mended, $"{alert} resolves",
            () => world.Prometheus.QueryAsync(Firing(alert)), holds: false)));
        foreach (var line in state.Alerts.Select((alert, at) => string.Create(CultureInfo.InvariantCulture,
            $"{alert,-62} {ForOf(alert),4} {fired[at],6:0.0}s {resolved[at],8:0.0}s  {state.What}")))
        {
            seen.Enqueue(line);
            TestContext.Current.SendDiagnosticMessage(line);
        }
    }

    private static string ForOf(string alert) =>
        (string)Rules().Single(rule => (string?)rule["alert"] == alert.Split('{')[0])["for"]!;

    /// <summary>Never shorter than it takes to see one value.</summary>
    private static int Since(long then) => (int)TimeProvider.System.GetElapsedTime(then).TotalSeconds + 1;

    private static string Firing(string alert)
    {
        var labels = alert.Split('{', '}') is [_, { Length: > 0 } more, ..] ? "," + more : "";
        return $"ALERTS{{alertstate=\"firing\",alertname=\"{alert.Split('{')[0]}\"{labels}}}";
    }

    /// <returns>Seconds since then, when it was seen.</returns>
    private static async Task<double> UntilAsync(
        WatchedWorld world, long then, string what, Func<Task<JsonArray>> look, bool holds)
    {
        await Until.HoldsAsync(what, async () =>
        {
            world.ThrowIfDead();
            return (await look()).Count > 0 == holds ? null : await world.Prometheus.StandingAsync();
        });
        return TimeProvider.System.GetElapsedTime(then).TotalSeconds;
    }

    private static Task QuietAsync(WatchedWorld world, string when) => Until.HoldsAsync($"nothing fires {when}",
        async () =>
        {
            world.ThrowIfDead();
            var standing = await world.Prometheus.StandingAsync();
            return standing.Contains("firing", StringComparison.Ordinal) ? standing : null;
        });

    /// <summary>Of the dashboard, with its variables filled in.</summary>
    private async Task ShownAsync(PrometheusServer prometheus)
    {
        var dashboard = JsonNode.Parse(
            await File.ReadAllTextAsync(Repository.PathTo("charts", "byok-operator", "files", "dashboard.json")))!;
        var queries = dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row")
            .SelectMany(panel =>
                panel!["targets"]!.AsArray()
                    .Select(target => (Title: (string)panel["title"]!, Expression: (string)target!["expr"]!))).ToList();
        foreach (var (title, expression) in queries)
        {
            var query = expression.Replace("$namespace", Stage.SystemNamespace, StringComparison.Ordinal)
                .Replace("$__rate_interval", "10m", StringComparison.Ordinal);
            await Until.HoldsAsync($"{title}: {query}",
                async () => (await prometheus.QueryAsync(query)).Count > 0 ? null : "empty");
        }

        output.WriteLine($"{queries.Count} queries of the dashboard, none empty");
        queries.Count.ShouldBeGreaterThan(25);
    }
}
