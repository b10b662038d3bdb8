using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>Grafana's dashboard: what it asks for is served,
/// and it can be moved to any Prometheus and namespace.</summary>
public sealed class DashboardTests
{
    private static readonly JsonObject dashboard = JsonNode.Parse(
        File.ReadAllText(Repository.PathTo("charts", "byok-operator", "files", "dashboard.json")))!.AsObject();

    private static IEnumerable<JsonNode> Panels =>
        dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row").Select(panel => panel!);

    [Fact]
    public void Every_metric_of_a_panel_has_an_instrument()
    {
        var asked = Panels.SelectMany(panel => panel["targets"]!.AsArray())
            .SelectMany(target => MetricsTests.Metric().Matches((string)target!["expr"]!))
            .Select(found => MetricsTests.Suffix().Replace(found.Groups[1].Value, "")).Distinct().ToList();
        asked.Count.ShouldBeGreaterThan(20);
        asked.Where(name => !MetricsTests.Instruments().Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_query_is_of_the_chosen_source_and_namespace_and_every_panel_says_what_it_shows()
    {
        foreach (var panel in Panels)
        {
            var title = (string)panel["title"]!;
            ((string?)panel["description"]).ShouldNotBeNullOrEmpty(title);
            foreach (var target in panel["targets"]!.AsArray())
            {
                ((string?)target!["datasource"]!["uid"]).ShouldBe("${datasource}", title);
                var expression = (string)target["expr"]!;
                MetricsTests.Metric().Matches(expression)
                    .Where(found =>
                        !expression[(found.Index + found.Length)..]
                            .StartsWith("{namespace=\"$namespace\"", StringComparison.Ordinal)).ShouldBeEmpty(title);
            }
        }
    }

    [Fact]
    public void No_panel_stands_on_another()
    {
        HashSet<(int X, int Y)> taken = [];
        foreach (var place in dashboard["panels"]!.AsArray().Select(panel => panel!["gridPos"]!))
        {
            for (var x = (int)place["x"]!; x < (int)place["x"]! + (int)place["w"]!; x++)
            {
                for (var y = (int)place["y"]!; y < (int)place["y"]! + (int)place["h"]!; y++)
                {
                    (taken.Add((x, y)) && x < 24).ShouldBeTrue($"{x}, {y}");
                }
            }
        }

        dashboard["panels"]!.AsArray().Select(panel => (int)panel!["id"]!).ShouldBeUnique();
    }
}
