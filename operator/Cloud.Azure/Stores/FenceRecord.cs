using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cloud.Azure.Stores;

/// <summary>What stands in the shared container of one owner's fence: its token, and how far it is.</summary>
/// <param name="State"><see cref="Rising"/>, <see cref="Standing"/> or <see cref="Falling"/>.</param>
/// <param name="Marker">Where the listing goes on; null from the start.</param>
/// <param name="Since">When the last blob was leased; until then, when the first was to be.</param>
internal sealed record FenceRecord(
    string Token, string Prefix, string State, string? Marker, DateTimeOffset? Since = null)
{
    public const string Rising = "rising";
    public const string Standing = "standing";
    public const string Falling = "falling";

    private const string Folder = $"{Cloud.Objects.Mark.Root}fences/";

    /// <summary>Beside no tenant's prefix: none may begin so.</summary>
    public static string NameFor(string owner) => $"{Folder}{owner}.json";

    /// <summary>Whether it is the record of a fence, whoever's.</summary>
    public static bool IsName(string name) => name.StartsWith(Folder, StringComparison.Ordinal);

    public static FenceRecord Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, FenceJson.Default.FenceRecord) ?? throw new JsonException("null");
        }
        catch (JsonException broken)
        {
            throw new CloudException(
                new CloudProblem.Conflict("FenceUnreadable",
                    "the fence's record under .byok/fences/ is not what we wrote: delete it"), "blob:GetBlob",
                        requestId: null, broken);
        }
    }

    public string Write() => JsonSerializer.Serialize(this, FenceJson.Default.FenceRecord);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FenceRecord))]
internal sealed partial class FenceJson : JsonSerializerContext;
