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

    public static JsonObject For(ImportedKeyOwner owner, string digest)
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

        return tags;
    }

    public static bool AreOf(ImportedKeyOwner owner, JsonObject tags) =>
        owner.Uid.Length > 0 && Text(tags, Owner) == owner.Uid;

    /// <summary>Whose key of an earlier object of the same names these tags are on;
    /// null where they are on none.</summary>
    public static string? EarlierOf(ImportedKeyOwner owner, JsonObject tags) =>
        owner.EarlierIn(word => Text(tags, Prefix + word));

    public static bool AreOf(string digest, JsonObject tags) => Text(tags, Material) == digest;

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
