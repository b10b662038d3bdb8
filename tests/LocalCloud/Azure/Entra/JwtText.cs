using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Entra;

/// <summary>A token taken apart, nothing believed yet.</summary>
internal sealed record JwtText(JsonObject Header, JsonObject Claims, string Signed, byte[] Signature)
{
    private const int Parts = 3;

    public string? KeyId => Text(Header, "kid");

    public string? Algorithm => Text(Header, "alg");

    public static JwtText? TryParse(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != Parts || Json(parts[0]) is not { } header || Json(parts[1]) is not { } claims
            || Base64UrlText.Decode(parts[2]) is not { } signature)
        {
            return null;
        }

        return new JwtText(header, claims, $"{parts[0]}.{parts[1]}", signature);
    }

    public string? Claim(string name) => Text(Claims, name);

    /// <summary>Audiences may be one or many.</summary>
    public IReadOnlyList<string> Audiences => Claims["aud"] switch
    {
        JsonArray many => [.. many.Select(one => one!.ToString())],
        JsonValue one => [one.ToString()],
        _ => [],
    };

    public DateTimeOffset? Time(string name) =>
        Claims[name] is JsonValue value && value.TryGetValue<long>(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Json(string part)
    {
        try
        {
            return Base64UrlText.Decode(part) is { } bytes ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
