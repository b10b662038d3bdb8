using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;

namespace Charts.Tests;

/// <summary>The real helm, which BYOK_TEST_HELM names, with kubectl beside it.</summary>
internal static class Helm
{
    /// <summary>What cases are rendered for unless they say otherwise;
    /// a golden file must not change with helm's own default.</summary>
    public const string KubeVersion = "1.33.0";

    private const string Variable = "BYOK_TEST_HELM";

    public static string Program => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException($"{Variable} names no helm: run these tests by tests/run.sh, or set it");

    public static Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(Program, arguments);

    public static Task<CommandResult> KubectlAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(Path.Combine(Path.GetDirectoryName(Program)!, "kubectl"), arguments);

    /// <summary>As the chart's README says to install it, but nowhere.</summary>
    /// <param name="chart">A folder of charts/, or a path to an archive.</param>
    /// <param name="values">A file with values; null: the defaults.</param>
    /// <param name="arguments">Further ones.</param>
    public static Task<CommandResult> TemplateAsync(
        string chart, string? values, params IReadOnlyList<string> arguments) =>
        RunAsync(
            ["template", "byok", Path.IsPathRooted(chart) ? chart
                : ChartPath(chart), "--namespace", "byok-system", "--kube-version", KubeVersion,
                .. values is null ? (string[])[] : ["--values", values], .. arguments]);

    public static async Task<IReadOnlyList<JsonNode>> ObjectsAsync(
        string chart, string? values, params IReadOnlyList<string> arguments) =>
        Yaml.Parse((await TemplateAsync(chart, values, arguments)).Require());

    public static string ChartPath(string chart) => Repository.PathTo("charts", chart);
}
