using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Blob;

/// <summary>The blob service's properties, read once from ARM's document.</summary>
internal sealed record BlobSettings
{
    public bool Versioning { get; init; }

    /// <summary>How long deleted blobs are kept; null: not at all.</summary>
    public int? RetentionDays { get; init; }

    public int? ContainerRetentionDays { get; init; }

    public static BlobSettings Read(JsonObject properties) => new()
    {
        Versioning = properties["isVersioningEnabled"] is { } flag && (bool)flag,
        RetentionDays = Days(properties["deleteRetentionPolicy"]),
        ContainerRetentionDays = Days(properties["containerDeleteRetentionPolicy"]),
    };

    private static int? Days(JsonNode? policy) =>
        policy?["enabled"] is { } enabled && (bool)enabled ? (int?)policy["days"] ?? 7 : null;
}
