using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>values.yaml and the README's table say what values.schema.json says.
/// <c>UPDATE_GOLDEN=1</c> makes them anew.</summary>
public sealed class ValuesTests
{
    private const string Begin = "<!-- values -->\n";
    private const string End = "\n<!-- /values -->";

    public static TheoryData<string> Charts =>
        [.. Directory.EnumerateDirectories(Repository.PathTo("charts")).Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_values_are_made_from_the_schema(string chart) =>
        ShouldBeMade(PathTo(chart, "values.yaml"), ValuesPage.Values(Schema(chart)));

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_table_of_values_is_made_from_the_schema(string chart)
    {
        var page = File.ReadAllText(PathTo(chart, "README.md"));
        var (start, end) =
            (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        end.ShouldBeGreaterThanOrEqualTo(start - 1, "the README has a place for the table");
        ShouldBeMade(PathTo(chart, "README.md"), page[..start] + ValuesPage.Table(Schema(chart)) + page[end..]);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void Every_value_has_a_meaning_and_a_default(string chart)
    {
        var leaves = ValuesPage.Leaves(Schema(chart)).ToList();
        leaves.Count.ShouldBeGreaterThan(3);
        leaves.Where(leaf =>
            leaf.Schema["default"] is null
                || ((string?)leaf.Schema["description"])?.EndsWith('.') != true).Select(leaf => leaf.Path)
                    .ShouldBeEmpty();
    }

    /// <summary>A value that nobody knows is a typing mistake, wherever it stands.</summary>
    [Theory]
    [MemberData(nameof(Charts))]
    public void No_group_of_values_takes_unknown_ones(string chart) => Open(Schema(chart), "").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Charts))]
    public void Every_value_is_used(string chart)
    {
        var templates = string.Concat(
            Directory.EnumerateFiles(PathTo(chart, "templates"), "*", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        ValuesPage.Leaves(Schema(chart)).Select(leaf => leaf.Path.Split('.')[^1]).Distinct()
            .Where(name =>
                !templates.Contains($".{name}", StringComparison.Ordinal)
                    && !templates.Contains($"\"{name}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Open(JsonNode schema, string path) =>
    [
        .. schema["properties"] is not null && schema["additionalProperties"] is not JsonValue ? (string[])[path] : [],
        .. (schema["properties"]?.AsObject() ?? []).SelectMany(one => Open(one.Value!, $"{path}/{one.Key}")),
        .. schema["items"] is { } items ? Open(items, $"{path}/items") : [],
        .. (schema["$defs"]?.AsObject() ?? []).SelectMany(one => Open(one.Value!, $"{path}/$defs/{one.Key}")),
    ];

    private static void ShouldBeMade(string path, string made)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, made);
        }

        File.ReadAllText(path).ShouldBe(made);
    }

    private static JsonNode Schema(string chart) =>
        JsonNode.Parse(File.ReadAllText(PathTo(chart, "values.schema.json")))!;

    private static string PathTo(string chart, string file) => Path.Combine(Repository.PathTo("charts", chart), file);
}
