using System.Globalization;
using System.Text.Json.Nodes;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>How a version of an imported key says whose it is, what it is, and that its tenant took it back.
/// Pure.</summary>
internal static class ImportTags
{
    private const string Prefix = "byok-";
    private const string Owner = Prefix + "owner";
    private const string Tenant = Prefix + "tenant";
    private const string Namespace = Prefix + "namespace";
    private const string Name = Prefix + "name";
    private const string Material = "byok-material";
    private const string Withdrawn = "byok-withdrawn";
    private const string Turn = "byok-turn";

    /// <param name="owner">Whose.</param>
    /// <param name="digest">Of the material.</param>
    /// <param name="turn">Which material of the key it is, from 1.</param>
    public static JsonObject For(ImportedKeyOwner owner, string digest, int turn)
    {
        var tags = new JsonObject
        {
            [Owner] = owner.Uid,
            [Namespace] = owner.Namespace,
            [Name] = owner.Name,
            [Material] = digest,
        };
        if (owner.Tenant.Length > 0)
        {
            tags[Tenant] = owner.Tenant;
        }

        if (turn > 1)
        {
            tags[Turn] = turn.ToString(CultureInfo.InvariantCulture);
        }

        return tags;
    }

    public static bool AreOf(ImportedKeyOwner owner, JsonObject tags) =>
        owner.Uid.Length > 0 && Text(tags, Owner) == owner.Uid;

    /// <summary>Whose key of an earlier object of the same names these tags are on;
    /// null where they are on none.</summary>
    public static string? EarlierOf(ImportedKeyOwner owner, JsonObject tags) =>
        owner.EarlierIn(word => Text(tags, Prefix + word));

    public static bool AreOf(string digest, JsonObject tags) => Text(tags, Material) == digest;

    /// <summary>Empty where the tags name none.</summary>
    public static string MaterialOf(JsonObject tags) => Text(tags, Material) ?? "";

    /// <summary>Two materials of one second are told apart by this alone: a vault's clock counts whole ones.</summary>
    public static int TurnOf(JsonObject tags) =>
        int.TryParse(Text(tags, Turn), NumberStyles.None, CultureInfo.InvariantCulture, out var turn) ? turn : 1;

    /// <summary>Switched off by us, on the tenant's word; anybody else's switch is the administrator's.</summary>
    public static bool AreWithdrawn(JsonObject tags) => Text(tags, Withdrawn) == "true";

    /// <summary>Others' tags stay as they are.</summary>
    public static JsonObject Marked(JsonObject tags, bool isWithdrawn)
    {
        var marked = (JsonObject)tags.DeepClone();
        marked.Remove(Withdrawn);
        if (isWithdrawn)
        {
            marked[Withdrawn] = "true";
        }

        return marked;
    }

    private static string? Text(JsonObject tags, string name) =>
        tags[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
