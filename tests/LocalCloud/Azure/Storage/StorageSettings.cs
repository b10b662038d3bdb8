using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Storage;

/// <summary>An account's properties as the data plane minds them, read once from ARM's document.</summary>
internal sealed record StorageSettings
{
    public bool SharedKey { get; init; } = true;

    public bool HttpsOnly { get; init; } = true;

    public bool AnonymousReads { get; init; }

    public bool PublicNetwork { get; init; } = true;

    public bool DeniesByDefault { get; init; }

    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>Resource instances of the network rules.</summary>
    public IReadOnlyList<string> AllowedResources { get; init; } = [];

    public static StorageSettings Read(JsonObject properties) => new()
    {
        SharedKey = Flag(properties, "allowSharedKeyAccess", true),
        HttpsOnly = Flag(properties, "supportsHttpsTrafficOnly", true),
        AnonymousReads = Flag(properties, "allowBlobPublicAccess", false),
        PublicNetwork = !Says(properties, "publicNetworkAccess", "Disabled"),
        DeniesByDefault = properties["networkAcls"] is JsonObject acls && Says(acls, "defaultAction", "Deny"),
        AllowedAddresses =
        [
            .. (properties["networkAcls"]?["ipRules"] as JsonArray ?? []).Select(rule => (string?)rule!["value"] ?? ""),
        ],
        AllowedResources =
        [
            .. (properties["networkAcls"]?["resourceAccessRules"] as JsonArray ?? [])
                .Select(rule => (string?)rule!["resourceId"] ?? ""),
        ],
    };

    private static bool Flag(JsonObject json, string name, bool otherwise) =>
        json[name] is { } value ? (bool)value : otherwise;

    private static bool Says(JsonObject json, string name, string value) =>
        string.Equals((string?)json[name], value, StringComparison.OrdinalIgnoreCase);
}
