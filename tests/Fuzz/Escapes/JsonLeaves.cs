using System.Text.Json.Nodes;

namespace Fuzz.Escapes;

/// <summary>A document as the list of what it says and where:
/// two of the same shape say the same things in the same places.</summary>
internal static class JsonLeaves
{
    public static IReadOnlyList<(string Path, string Value)> Of(string document) =>
        [.. Under("", JsonNode.Parse(document))];

    private static IEnumerable<(string Path, string Value)> Under(string path, JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Under($"{path}.{field.Key}", field.Value)),
        JsonArray items => items.SelectMany((item, index) => Under($"{path}[{index}]", item)),
        JsonValue value when value.TryGetValue<string>(out var text) => [(path, text)],
        _ => [(path, node?.ToJsonString() ?? "null")],
    };
}
