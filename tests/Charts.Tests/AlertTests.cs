using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>The alerts by Prometheus' own word: each fires on what it is for,
/// and is gone once that is mended.</summary>
[Trait("Server", "helm")]
[Trait("Server", "prometheus")]
public sealed partial class AlertTests
{
    private static readonly string Cases = Repository.PathTo("tests", "Charts.Tests", "alerts.yaml");

    [Fact]
    public async Task Each_alert_fires_and_resolves()
    {
        var folder = Directory.CreateTempSubdirectory("byok-alerts-").FullName;
        try
        {
            var rules = await RulesAsync();
            foreach (var rule in rules["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()))
            {
                rule!.AsObject().Remove("annotations"); // promtool would want each sentence once more
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "rules.yaml"), rules.ToJsonString());
            File.Copy(Cases, Path.Combine(folder, "cases.yaml"));
            (await PromtoolAsync(folder, "test", "rules", "cases.yaml")).ShouldContain("SUCCESS");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Each_alert_has_a_case()
    {
        var tried = Name().Matches(await File.ReadAllTextAsync(Cases)).Select(found => found.Groups[1].Value)
            .ToHashSet();
        (await RulesAsync())["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => (string)rule!["alert"]!).ShouldBe(tried, ignoreOrder: true);
    }

    /// <summary>Under the heading that the alert's own link leads to.</summary>
    [Fact]
    public async Task Each_alert_links_the_page_that_has_a_row_for_it()
    {
        var rules = (await RulesAsync())["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).ToList();
        rules.Select(rule => (string?)rule!["annotations"]!["runbook_url"]).Distinct()
            .Single()!.ShouldEndWith("/docs/metrics.md#alerts");
        var rows = (await File.ReadAllTextAsync(Repository.PathTo("docs", "metrics.md"))).Split("\n## Alerts\n")[1]
            .Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        rows.SelectMany(row => Quoted().Matches(row.Split('|')[1]).Select(found => found.Groups[1].Value))
            .ShouldBe(rules.Select(rule => (string)rule!["alert"]!), ignoreOrder: true);
    }

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_rules()
    {
        var folder = Directory.CreateTempSubdirectory("byok-alerts-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rules.yaml"), (await RulesAsync()).ToJsonString());
            (await PromtoolAsync(folder, "check", "rules", "--lint-fatal", "rules.yaml")).ShouldContain("SUCCESS");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonObject> RulesAsync() =>
        (await Helm.ObjectsAsync("byok-operator", new ChartCase("byok-operator", "everything").Values))
            .Single(one => (string?)one["kind"] == "PrometheusRule")["spec"]!.DeepClone().AsObject();

    private static async Task<string> PromtoolAsync(string folder, params string[] arguments)
    {
        var said = await Command.RunAsync("/bin/sh", ["-c", "cd \"$0\" && exec promtool \"$@\"", folder, .. arguments]);
        said.Succeeded.ShouldBeTrue(said.Output + said.Error);
        return said.Output;
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^  - name: ([A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Name();
}
