using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cloud.Aws.Stores;

/// <summary>Whether two parts of a policy mean the same, however they are spelt. Pure.</summary>
internal static class PolicyMeaning
{
    public static bool Same(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonArray one, JsonArray other) => SameSet(one, other),
        (JsonArray { Count: 1 } one, { } other) => Same(one[0], other),
        ({ } one, JsonArray { Count: 1 } other) => Same(one, other[0]),
        (JsonObject one, JsonObject other) => SameFields(one, other),
        (JsonObject one, JsonValue other) => IsEveryone(one, other),
        (JsonValue one, JsonObject other) => IsEveryone(other, one),
        (JsonValue one, JsonValue other) => Text(one) == Text(other),
        _ => false,
    };

    private static bool SameSet(JsonArray one, JsonArray other) =>
        one.Count == other.Count && one.All(item => other.Any(match => Same(item, match)));

    private static bool SameFields(JsonObject one, JsonObject other) =>
        one.Count == other.Count
            && one.All(field => other.TryGetPropertyValue(field.Key, out var match) && Same(field.Value, match));

    /// <summary>A principal <c>*</c> comes back as <c>{"AWS": "*"}</c>.</summary>
    private static bool IsEveryone(JsonObject principal, JsonValue star) =>
        Text(star) == "*" && principal.Count == 1 && principal.TryGetPropertyValue("AWS", out var who)
            && Same(who, star);

    /// <summary>In a policy <c>true</c> and <c>"true"</c> are one.</summary>
    private static string Text(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToJsonString(),
    };
}
