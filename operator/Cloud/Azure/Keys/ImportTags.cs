using System.Text.Json.Nodes;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>How a version of an imported key says whose it is, what it is, and that its tenant took it back. Pure.</summary>
internal static class ImportTags
{
    private const string Owner = "byok-owner";
    private const string Namespace = "byok-namespace";
    private const string Name = "byok-name";
    private const string Material = "byok-material";
    private const string Withdrawn = "byok-withdrawn";

    public static JsonObject For(ImportedKeyOwner owner, string digest) => new()
    {
        [Owner] = owner.Uid, [Namespace] = owner.Namespace, [Name] = owner.Name, [Material] = digest,
    };

    public static bool AreOf(ImportedKeyOwner owner, JsonObject tags) => owner.Uid.Length > 0 && Text(tags, Owner) == owner.Uid;

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

    private static string? Text(JsonObject tags, string name) => tags[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
