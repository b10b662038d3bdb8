using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Simulation.Real;

/// <summary>JSON as block YAML, for files that people read.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Strings always in quotes: no reader takes them for anything else.</summary>
    public static string Of(JsonObject root) =>
        string.Concat(root.SelectMany(field => Field(field.Key, field.Value, "", Quoted)).Select(line => line + "\n"));

    /// <summary>One field, in lines.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Null leaves it out.</param>
    /// <param name="indent">Before each line.</param>
    /// <param name="scalar">How a string, a number or a boolean is written.</param>
    public static IEnumerable<string> Field(
        string name, JsonNode? value, string indent, Func<JsonNode, string> scalar) => value switch
    {
        null => [],
        JsonObject { Count: 0 } => [$"{indent}{name}: {{}}"],
        JsonArray { Count: 0 } => [$"{indent}{name}: []"],
        JsonObject map =>
            [$"{indent}{name}:", .. map.SelectMany(field => Field(field.Key, field.Value, indent + "  ", scalar))],
        JsonArray list => [$"{indent}{name}:", .. list.SelectMany(item => Item(item!, indent + "  ", scalar))],
        _ => [$"{indent}{name}: {scalar(value)}"],
    };

    public static string Quoted(JsonNode value) => value.ToJsonString(plain);

    private static IEnumerable<string> Item(JsonNode item, string indent, Func<JsonNode, string> scalar) =>
        item is JsonObject { Count: > 0 } map
            ? map.SelectMany(field => Field(field.Key, field.Value, indent + "  ", scalar))
                .Select((line, at) => at == 0 ? $"{indent}- {line[(indent.Length + 2)..]}" : line)
            : [$"{indent}- {scalar(item)}"];
}
