using System.Text;
using System.Text.Json.Nodes;

namespace Cloud.Aws.Stores;

/// <summary>Statements of others that gave way to a closing, kept as a policy of their own. Pure.</summary>
internal static class PolicyAside
{
    /// <summary>Three policies' worth: what is set aside again and again, and never put back,
    /// is kept no further.</summary>
    private const int MostBytes = 3 * BucketPolicy.MostBytes;

    /// <summary>A policy that can't be read is kept as it is; what it says is told, not put back.</summary>
    private const string UnreadableSid = "ByokUnreadable";

    /// <summary>Null where nothing of others stands, nor was set aside before.</summary>
    /// <param name="standing">Null where it can't be read.</param>
    /// <param name="text">As it was given out, however it reads.</param>
    /// <param name="earlier">The first word counts: it is never lost to a later one.</param>
    public static string? Of(BucketPolicy? standing, string? text, string? earlier)
    {
        var first = Parse(earlier);
        var found = standing?.Without(IsOurs)
            ?? (text is null ? BucketPolicy.Empty : BucketPolicy.Empty.Beside(Unreadable(text)));
        var whole = first.IsEmpty ? found
            : found.Statements.Where(statement => !first.Holds(statement))
                .Aggregate(first, (all, one) => all.Beside(one));
        return whole.IsEmpty ? null
            : whole.Bytes <= MostBytes ? whole.ToText()
            : earlier;
    }

    /// <summary>Empty for what is none.</summary>
    public static BucketPolicy Parse(string? aside)
    {
        try
        {
            return BucketPolicy.Parse(aside);
        }
        catch (CloudException) when (aside is not null)
        {
            return BucketPolicy.Empty.Beside(Unreadable(aside));
        }
    }

    public static bool IsOurs(string sid) => sid == StoreStatements.ClosedSid || StoreStatements.IsStanding(sid);

    public static bool IsUnreadable(JsonNode statement) => BucketPolicy.Sid(statement) == UnreadableSid;

    /// <summary>What people know a statement by.</summary>
    public static string NameOf(JsonNode statement)
    {
        const int Longest = 200;
        var text = BucketPolicy.Sid(statement) ?? statement.ToJsonString();
        return text.Length <= Longest ? text : text[..Longest] + "...";
    }

    /// <summary>What refuses comes back first: nothing is let in before it.</summary>
    public static int Order(JsonNode statement) =>
        (statement as JsonObject)?["Effect"] is JsonValue effect && effect.ToString() == "Deny" ? 0 : 1;

    private static JsonObject Unreadable(string text) => new()
    {
        ["Sid"] = UnreadableSid,
        ["Text"] = Encoding.UTF8.GetByteCount(text) <= BucketPolicy.MostBytes ? text
            : text[..Math.Min(text.Length, BucketPolicy.MostBytes / 4)],
    };
}
