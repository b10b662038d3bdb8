using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ByokOperator.Tests.Api;

/// <summary>A kind's page of the reference, made from its definition: each field once, with its type, its bounds,
/// its rules and its meaning.</summary>
internal static class CrdPage
{
    /// <summary>Longer bounds and patterns than a table can show are left to <c>kubectl explain</c>.</summary>
    private const int LongestPattern = 60;

    public static string Of(JsonObject crd)
    {
        var names = crd["spec"]!["names"]!;
        var version = crd["spec"]!["versions"]![0]!;
        var schema = version["schema"]!["openAPIV3Schema"]!.AsObject();
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"## {names["kind"]}\n\n")
            .Append(CultureInfo.InvariantCulture, $"{Text(schema)} `{crd["spec"]!["group"]}/{version["name"]}`, ")
            .Append((string?)crd["spec"]!["scope"] == "Namespaced" ? "namespaced" : "cluster-wide")
            .Append(CultureInfo.InvariantCulture,
                $"; `kubectl get {Listed(names["shortNames"]!)}`, or all kinds: `kubectl get "
                    + $"{Listed(names["categories"]!)}`.\n");
        Rules(text, schema);
        foreach (var part in (string[])["spec", "status"])
        {
            var root = schema["properties"]![part]!.AsObject();
            text.Append(CultureInfo.InvariantCulture, $"\n### {names["kind"]}: `{part}`\n\n{Text(root)}\n");
            Rules(text, root);
            text.Append("\n| field | type | meaning |\n|---|---|---|\n");
            Rows(text, part, root);
        }

        text.Append(CultureInfo.InvariantCulture,
            $"\n### {names["kind"]}: columns\n\n| column | from | meaning |\n|---|---|---|\n");
        foreach (var column in version["additionalPrinterColumns"]!.AsArray())
        {
            var wide = column!["priority"] is null ? "" : " (`-o wide`)";
            text.Append(CultureInfo.InvariantCulture,
                $"| {column["name"]}{wide} | `{Cell((string)column["jsonPath"]!)}` | {Text(column.AsObject())} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static void Rows(StringBuilder text, string path, JsonObject schema)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(name => (string?)name).ToHashSet();
        foreach (var (name, child) in schema["properties"]?.AsObject() ?? [])
        {
            Row(text, $"{path}.{name}", child!.AsObject(), required.Contains(name));
        }
    }

    private static void Row(StringBuilder text, string path, JsonObject schema, bool isRequired)
    {
        var inside = schema["items"]?.AsObject();
        var ofEntries = inside?["properties"] is null ? [] : Messages(inside);
        var meaning = string.Join("<br>",
            ((string[])[Text(schema), .. Messages(schema).Concat(ofEntries).Select(message => $"Refused: {message}")])
                .Where(line => line.Length > 0));
        text.Append(CultureInfo.InvariantCulture,
            $"| `{path}` | {Type(schema)}{Bounds(schema)}{(isRequired ? "; required" : "")} | {meaning} |\n");
        if (inside is { } && inside["properties"] is null && (Messages(inside).Any() || inside["enum"] is not null))
        {
            Row(text, $"{path}[]", inside, false);
        }

        Rows(text, inside is null ? path : $"{path}[]", inside ?? schema);
    }

    private static string Type(JsonObject schema) =>
        schema["enum"] is { } values ? string.Join(", ", values.AsArray().Select(value => $"`{value}`"))
        : schema["format"] is { } format ? $"{schema["type"]} ({format})"
        : schema["items"] is { } items ? $"list of {Plural((string)items["type"]!)}"
        : schema["additionalProperties"] is { } each ? $"map of {Plural((string)each["type"]!)}"
        : (string)schema["type"]!;

    private static string Plural(string type) => type == "string" ? "strings" : $"{type}s";

    /// <summary>Its default, and how long, how many or how much.</summary>
    private static string Bounds(JsonObject schema)
    {
        var bounds = new List<string>();
        if (schema["default"] is { } value)
        {
            bounds.Add($"default `{value.ToJsonString()}`");
        }

        Range(bounds, schema, "minimum", "maximum", "");
        Range(bounds, schema, "minLength", "maxLength", " characters");
        Range(bounds, schema, "minItems", "maxItems", " entries");
        Range(bounds, schema, "minProperties", "maxProperties", " entries");
        if ((string?)schema["pattern"] is { Length: <= LongestPattern } pattern)
        {
            bounds.Add($"like `{Cell(pattern)}`");
        }

        return bounds.Count == 0 ? "" : $"; {string.Join("; ", bounds)}";
    }

    private static void Range(List<string> bounds, JsonObject schema, string least, string most, string of)
    {
        if (schema[least] is not null || schema[most] is not null)
        {
            bounds.Add((schema[least], schema[most]) switch
            {
                (null, { } to) => $"at most {to}{of}",
                ({ } from, null) => $"at least {from}{of}",
                var (from, to) when JsonNode.DeepEquals(from, to) => $"{from}{of}",
                var (from, to) => $"{from} to {to}{of}",
            });
        }
    }

    /// <summary>What an object as a whole is refused for.</summary>
    private static void Rules(StringBuilder text, JsonObject schema)
    {
        foreach (var (message, at) in Messages(schema).Select((message, at) => (message, at)))
        {
            text.Append(at == 0 ? "\nRefused, with the mend:\n\n" : "")
                .Append(CultureInfo.InvariantCulture, $"- {message}\n");
        }
    }

    private static IEnumerable<string> Messages(JsonObject schema) =>
        (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => Cell((string)rule!["message"]!));

    private static string Text(JsonObject schema) => Cell((string?)schema["description"] ?? "");

    private static string Listed(JsonNode names) => (string)names.AsArray()[0]!;

    private static string Cell(string text) =>
        text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Trim();
}
