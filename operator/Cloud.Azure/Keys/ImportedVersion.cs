using System.Text.Json.Nodes;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>A version of a key of ours, as a vault lists it.</summary>
internal sealed record ImportedVersion(
    VaultKeyId Id, bool Enabled, DateTimeOffset? Expires, DateTimeOffset Created, JsonObject Tags)
{
    public MaterialExpiry Expiry => Expires is { } end ? new MaterialExpiry.At(end) : new MaterialExpiry.Never();

    /// <summary>Reads a listed item or a whole key: both have attributes and tags.</summary>
    public static ImportedVersion Read(JsonObject item)
    {
        var attributes = item["attributes"]?.AsObject() ?? [];
        return new ImportedVersion(
            VaultKeyId.Parse((string?)(item["kid"] ?? item["key"]?["kid"]) ?? ""),
            (bool?)attributes["enabled"] ?? false,
            Time(attributes["exp"]),
            Time(attributes["created"]) ?? DateTimeOffset.MinValue,
            (item["tags"] as JsonObject)?.DeepClone().AsObject() ?? []);
    }

    /// <summary>Where material has expired it is taken away all the same: a vault goes on unwrapping with it.</summary>
    public ImportedKey Describe(KeyRef key, DateTimeOffset now) => new(
        key,
        StateAt(now),
        Id.Version,
        !Enabled && ImportTags.AreWithdrawn(Tags) ? null : Expiry,
        Created);

    private ImportedKeyState StateAt(DateTimeOffset now) => this switch
    {
        { Enabled: true } when Expires <= now => ImportedKeyState.PendingImport,
        { Enabled: true } => ImportedKeyState.Enabled,
        _ when ImportTags.AreWithdrawn(Tags) => ImportedKeyState.PendingImport,
        _ => ImportedKeyState.Disabled,
    };

    private static DateTimeOffset? Time(JsonNode? seconds) =>
        seconds is JsonValue value && value.TryGetValue<long>(out var number)
            ? DateTimeOffset.FromUnixTimeSeconds(number) : null;
}
