using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using FakeApiServer;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// The chart's alerts as it renders them, by its golden file, with every length of time in them divided by
/// <see cref="Factor"/>: the <c>for</c>, the windows of rates, and the thresholds in seconds. Nothing else is changed.
/// </summary>
internal static partial class ScaledRules
{
    /// <summary>A minute becomes a second.</summary>
    public const int Factor = 60;

    /// <summary>What is compared with less is a share or a count.</summary>
    private const int LeastSeconds = 60;

    public static JsonObject Read()
    {
        var rendered = Yaml.Parse(
            File.ReadAllText(Repository.PathTo("tests", "Charts.Tests", "golden", "byok-operator", "everything.yaml")));
        var rules = rendered.Single(manifest => (string?)manifest["kind"] == "PrometheusRule")["spec"]!.DeepClone()
            .AsObject();
        foreach (var rule in Alerts(rules))
        {
            rule["for"] = Seconds(Duration().Match((string)rule["for"]!)) + "s";
            rule["expr"] = Scaled((string)rule["expr"]!);
        }

        return rules;
    }

    public static IEnumerable<JsonObject> Alerts(JsonObject rules) =>
        rules["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject());

    public static string Scaled(string expression) => Threshold().Replace(
        Window().Replace(expression, window => $"[{Seconds(window)}s]"),
        threshold => int.Parse(threshold.Value, CultureInfo.InvariantCulture) is >= LeastSeconds and var seconds
            ? $"{seconds / Factor}" : threshold.Value);

    private static int Seconds(Match duration) => int.Parse(duration.Groups[1].Value, CultureInfo.InvariantCulture)
        * duration.Groups[2].Value switch { "h" => 3600, "m" => 60, _ => 1 } / Factor;

    [GeneratedRegex(@"^(\d+)([hms])$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\[(\d+)([hms])\]")]
    private static partial Regex Window();

    [GeneratedRegex(@"(?<=[<>] )\d+$")]
    private static partial Regex Threshold();
}
