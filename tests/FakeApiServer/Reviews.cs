using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>Questions that are answered and not stored: whose a token is, and whether somebody may do something. Of
/// tokens, service accounts' names are known.</summary>
internal static class Reviews
{
    public const string Tokens = "tokenreviews";
    public const string Access = "subjectaccessreviews";

    /// <summary>Null where it is no such question.</summary>
    public static JsonObject? Answer(Resource resource, JsonObject asked, Roles rights)
    {
        if (resource.Plural is not (Tokens or Access))
        {
            return null;
        }

        var answer = asked.DeepClone().AsObject();
        var spec = asked["spec"]?.AsObject() ?? [];
        answer["status"] = resource.Plural == Tokens ? Whose((string?)spec["token"] ?? "") : May(spec, rights);
        return answer;
    }

    private static JsonObject Whose(string token) => token.StartsWith(Roles.AccountPrefix, StringComparison.Ordinal)
        ? new JsonObject
        {
            ["authenticated"] = true,
            ["user"] = new JsonObject
            {
                ["username"] = token,
                ["uid"] = $"uid of {token}",
                ["groups"] = new JsonArray("system:serviceaccounts", "system:authenticated"),
            },
        }
        : new JsonObject { ["authenticated"] = false, ["error"] = "invalid bearer token" };

    private static JsonObject May(JsonObject spec, Roles rights) => new()
    {
        ["allowed"] = spec["nonResourceAttributes"] is { } path
            && rights.MayGo((string?)spec["user"] ?? "", (string?)path["verb"] ?? "", (string?)path["path"] ?? ""),
    };
}
