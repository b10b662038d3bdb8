using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCloud.Aws.Iam;

/// <summary>The names in the Principal elements of a policy's text, and nowhere else in it.</summary>
internal static class PrincipalNames
{
    /// <summary>The text with each name as it is given back; the same text where none changes.</summary>
    public static string Rewrite(string text, Func<string, string> rename)
    {
        var root = JsonNode.Parse(text);
        var changed = false;
        foreach (var statement in Statements(root))
        {
            foreach (var element in new[] { "Principal", "NotPrincipal" })
            {
                if (statement[element] is JsonObject kinds)
                {
                    foreach (var kind in kinds.Select(one => one.Key).ToArray())
                    {
                        changed |= Rename(kinds, kind, rename);
                    }
                }
            }
        }

        return changed ? root!.ToJsonString() : text;
    }

    private static IEnumerable<JsonObject> Statements(JsonNode? root) => root?["Statement"] switch
    {
        JsonArray many => many.OfType<JsonObject>(),
        JsonObject one => [one],
        _ => [],
    };

    private static bool Rename(JsonObject kinds, string kind, Func<string, string> rename)
    {
        var changed = false;
        if (kinds[kind] is JsonArray many)
        {
            for (var at = 0; at < many.Count; at++)
            {
                if (TextOf(many[at]) is { } name && rename(name) is var other && other != name)
                {
                    (many[at], changed) = (other, true);
                }
            }
        }
        else if (TextOf(kinds[kind]) is { } name && rename(name) is var other && other != name)
        {
            (kinds[kind], changed) = (other, true);
        }

        return changed;
    }

    private static string? TextOf(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
