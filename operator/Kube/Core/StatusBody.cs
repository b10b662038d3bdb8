using System.Text.Json.Nodes;

namespace Kube.Core;

/// <summary>
/// What a status says on the wire. An apply that empties a field makes some servers store null there and then refuse it
/// (an object on any version, a string on old ones), so what says nothing is left out.
/// </summary>
internal static class StatusBody
{
    /// <summary>Takes empty texts and empty objects out, at any depth; true when nothing is left.</summary>
    public static bool Prune(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var name in map.Where(field => Prune(field.Value)).Select(field => field.Key).ToList())
                {
                    map.Remove(name);
                }

                return map.Count == 0;
            case JsonArray list:
                foreach (var item in list)
                {
                    Prune(item);
                }

                return false; // an empty list is a statement: there are none
            case JsonValue value:
                return value.TryGetValue<string>(out var text) && text.Length == 0;
            default:
                return true;
        }
    }

    /// <summary>
    /// The way to the first field (<c>.a.b</c>) that was said and does not stand, null where all do. Values count for
    /// nothing, nor does the order of a list, in which others may have written too:
    /// a definition that lacks a field lacks it in each item.
    /// </summary>
    public static string? LeftOut(JsonNode? said, JsonNode? stands) => (said, stands) switch
    {
        (JsonObject map, JsonObject there) => map.Where(field => field.Value is not null)
            .Select(field => !there.ContainsKey(field.Key) ? $".{field.Key}"
                : LeftOut(field.Value, there[field.Key]) is { } inner ? $".{field.Key}{inner}"
                : null)
            .FirstOrDefault(found => found is not null),
        (JsonArray list, JsonArray there) => list
            .Select(item =>
                there.Count == 0 || there.Any(one => LeftOut(item, one) is null) ? null
                    : $"[]{LeftOut(item, there[0])}")
            .FirstOrDefault(found => found is not null),
        (JsonObject { Count: > 0 }, null) => "",
        _ => null,
    };

    /// <summary>
    /// The merge patch that makes a status what it should be, with a null for each field that is to go. It takes away
    /// what others wrote there too, so it is for servers that can't apply.
    /// </summary>
    public static JsonObject Difference(JsonObject? current, JsonObject wanted)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in wanted)
        {
            patch[name] = value is JsonObject inner ? Difference(current?[name] as JsonObject, inner)
                : value?.DeepClone();
        }

        foreach (var (name, _) in (current ?? []).Where(field => !wanted.ContainsKey(field.Key)))
        {
            patch[name] = null;
        }

        return patch;
    }
}
