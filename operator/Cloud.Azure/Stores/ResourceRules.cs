using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cloud.Azure.Stores;

/// <summary>
/// Resource instances in an account's network rules: they get in whatever its public network says
/// (https://learn.microsoft.com/azure/storage/common/storage-network-security). Closing takes them out,
/// opening puts them back. Pure.
/// </summary>
internal static class ResourceRules
{
    public const string Name = "resourceAccessRules";

    public static bool Any(JsonObject account) => Of(account).Count > 0;

    /// <summary>What has to be kept before they are taken out; null where none stands.</summary>
    /// <param name="account">As Resource Manager tells it.</param>
    /// <param name="earlier">What an earlier closing took out and nobody put back; it comes first.</param>
    public static string? Aside(JsonObject account, string? earlier) =>
        Any(account) ? Union(Parse(earlier), Of(account)).ToJsonString() : null;

    /// <summary>What is to stand once the account is open; null where nothing was taken out.</summary>
    public static JsonArray? Together(JsonObject account, string? aside) =>
        Parse(aside) is { Count: > 0 } taken ? Union(taken, Of(account)) : null;

    private static JsonArray Of(JsonObject account) =>
        (account["properties"] as JsonObject)?["networkAcls"] is JsonObject rules && rules[Name] is JsonArray all ? all
            : [];

    private static JsonArray Union(JsonArray first, JsonArray second)
    {
        var union = new JsonArray();
        foreach (var rule in first.Concat(second))
        {
            if (!union.Any(other => JsonNode.DeepEquals(other, rule)))
            {
                union.Add(rule?.DeepClone());
            }
        }

        return union;
    }

    /// <summary>Empty for what is none.</summary>
    private static JsonArray Parse(string? aside)
    {
        try
        {
            return aside is null ? [] : JsonNode.Parse(aside) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
