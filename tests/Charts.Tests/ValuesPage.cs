using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Simulation.Real;

namespace Charts.Tests;

/// <summary>
/// A chart's values.yaml and its README's table, made from values.schema.json: there each value has its type,
/// its default and its meaning, once.
/// </summary>
internal static partial class ValuesPage
{
    private const int Width = 100;

    /// <summary>Helm's own word, of no use in a file of values.</summary>
    private const string Global = "global";

    public static string Values(JsonNode schema) => string.Join('\n', (string[])
    [
        $"# {schema["title"]}: made from values.schema.json, which says what each may be. Change it there.",
        .. Block(Properties(schema), 0, Named),
    ]) + "\n";

    public static string Table(JsonNode schema) => string.Join('\n', (string[])
    [
        "| value | default | meaning |",
        "|---|---|---|",
        .. Rows(Properties(schema), ""),
    ]);

    /// <summary>Each value by its path, with its schema; maps and lists are one value.</summary>
    public static IEnumerable<(string Path, JsonNode Schema)> Leaves(JsonNode schema, string path = "") =>
        Properties(schema)
            .SelectMany(one =>
                IsGroup(one.Value!) ? Leaves(one.Value!, $"{path}{one.Key}.") : [($"{path}{one.Key}", one.Value!)]);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Properties(JsonNode schema) =>
        schema["properties"]!.AsObject().Where(one => one.Key != Global);

    private static bool IsGroup(JsonNode schema) => schema["properties"] is not null && schema["default"] is null;

    private static IEnumerable<string> Named(string name, JsonNode schema, int depth)
    {
        var indent = new string(' ', depth * 2);
        return
        [
            .. depth == 0 ? (string[])[""] : [],
            .. Wrap((string)schema["description"]!, Width - indent.Length).Select(line => $"{indent}# {line}"),
            .. IsGroup(schema) ? [$"{indent}{name}:", .. Block(Properties(schema), depth + 1, Named)]
                : YamlText.Field(name, schema["default"], indent, Scalar),
        ];
    }

    private static IEnumerable<string> Block(
        IEnumerable<KeyValuePair<string, JsonNode?>> fields, int depth,
        Func<string, JsonNode, int, IEnumerable<string>> each) =>
        fields.SelectMany(field => each(field.Key, field.Value!, depth));

    private static string Scalar(JsonNode value) =>
        value is JsonValue text && text.TryGetValue<string>(out var said) && Plain().IsMatch(said) ? said
            : value.ToJsonString();

    private static IEnumerable<string> Rows(IEnumerable<KeyValuePair<string, JsonNode?>> fields, string path) =>
        fields.SelectMany(field => (string[])
        [
            IsGroup(field.Value!)
                ? $"| **`{path}{field.Key}`** | | {field.Value!["description"]} |"
                : string.Create(CultureInfo.InvariantCulture,
                    $"| `{path}{field.Key}` | `{field.Value!["default"]!.ToJsonString()}` | "
                        + $"{Cell((string)field.Value["description"]!)} |"),
            .. IsGroup(field.Value!) ? Rows(Properties(field.Value!), $"{path}{field.Key}.") : [],
        ]);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>A string that no YAML reader takes for anything else.</summary>
    [GeneratedRegex("^(?!(?i:true|false|yes|no|on|off|null|y|n)$)[A-Za-z/][A-Za-z0-9/._-]*$")]
    private static partial Regex Plain();
}
