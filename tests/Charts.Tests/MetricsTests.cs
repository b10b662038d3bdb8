using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>Alerts ask for metrics that are served.</summary>
[Trait("Server", "helm")]
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Every_metric_of_an_alert_has_an_instrument()
    {
        var instruments = Instruments();
        var asked = (await AlertsAsync()).SelectMany(alert => Metric().Matches(alert.Expression))
            .Select(found => Suffix().Replace(found.Groups[1].Value, "")).Distinct().ToList();
        asked.Count.ShouldBeGreaterThan(5);
        asked.Where(name => !instruments.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alert_says_what_happened_and_what_to_do_and_how_urgent_it_is()
    {
        foreach (var (name, _, labels, annotations) in await AlertsAsync())
        {
            labels.ShouldContainKey("severity", name);
            (labels["severity"] is "critical" or "warning").ShouldBeTrue(name);
            string.Join(" ", annotations.Keys.Order()).ShouldBe("description runbook_url summary", name);
        }
    }

    /// <summary>kube-state-metrics' names begin alike: without the namespace theirs would be counted.</summary>
    [Fact]
    public async Task Every_metric_of_an_alert_is_asked_for_in_our_namespaces()
    {
        foreach (var (name, expression, _, _) in await AlertsAsync())
        {
            Metric().Matches(expression)
                .Where(found =>
                    !expression[(found.Index + found.Length)..]
                        .StartsWith("{namespace=\"byok-", StringComparison.Ordinal)).ShouldBeEmpty(name);
        }
    }

    /// <summary>By the names of their metrics, without unit and kind.</summary>
    internal static IReadOnlySet<string> Instruments() =>
        Directory.EnumerateFiles(Repository.PathTo("operator"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => Instrument().Matches(File.ReadAllText(path)))
            .Select(found => found.Groups[1].Value.Replace('.', '_')).ToHashSet();

    private static async Task<IReadOnlyList<(string Name, string Expression, Dictionary<string, string> Labels,
        Dictionary<string, string> Annotations)>> AlertsAsync()
    {
        var rules = (await Helm.ObjectsAsync("byok-operator", new ChartCase("byok-operator", "everything").Values))
            .Single(one => (string?)one["kind"] == "PrometheusRule");
        return [.. rules["spec"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (
            (string)rule!["alert"]!, (string)rule["expr"]!,
            rule["labels"]!.AsObject().ToDictionary(one => one.Key, one => (string)one.Value!),
            rule["annotations"]!.AsObject().ToDictionary(one => one.Key, one => (string)one.Value!)))];
    }

    [GeneratedRegex(
        """(?:Create(?:Counter|Gauge|Histogram|UpDownCounter)(?:<[a-z]+>)?|gauges\.(?:Count|Sum|Worst|Soonest))\(\s*"([a-z_.]+)",?""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\b((?:byok|kube)_[a-z_]+)")]
    internal static partial Regex Metric();

    [GeneratedRegex("(_total|_seconds_(count|sum|bucket)|_seconds)$")]
    internal static partial Regex Suffix();
}
