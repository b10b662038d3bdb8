using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cloud.Calling;

/// <summary>
/// Documents that others wrote: no field stands twice, and every text is one. A reader looks at neither before it is
/// asked for them; what is wrong shall show here, as a <see cref="JsonException"/>, and not in whoever asks.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    public static JsonNode? Parse(string json) => Spelt(() => JsonNode.Parse(json, nodeOptions: null, strict));

    public static JsonNode? Parse(ReadOnlyMemory<byte> json) =>
        Spelt(() => JsonNode.Parse(json.Span, nodeOptions: null, strict));

    private static JsonNode? Spelt(Func<JsonNode?> parse)
    {
        try
        {
            var node = parse();
            Spell(node);
            return node;
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("a field stands twice, or a text is none", malformed);
        }
    }

    private static void Spell(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                fields.ToList().ForEach(field => Spell(field.Value));
                break;
            case JsonArray items:
                items.ToList().ForEach(Spell);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }
}
