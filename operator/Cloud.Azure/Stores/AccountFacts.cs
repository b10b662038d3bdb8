using System.Text.Json.Nodes;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>An account of ours as it was seen, and in what it differs from its spec.
/// Only what we own is compared.</summary>
/// <param name="Container">Null where it is not there.</param>
internal sealed record AccountFacts(
    JsonObject Account, JsonObject BlobService, JsonObject? Container, RoleStanding Role)
{
    public const string EncryptionDrift = "Encryption";
    public const string PublicAccessDrift = "PublicAccess";
    public const string SharedKeyDrift = "SharedKey";
    public const string TransportDrift = "Transport";
    public const string VersioningDrift = "Versioning";
    public const string ContainerDrift = "Container";
    public const string WorkloadRoleDrift = "WorkloadRole";

    /// <summary>Shut, or partly, without all that goes with it. It is finished before anything is opened.</summary>
    public const string InterruptedClosingDrift = "InterruptedClosing";

    /// <summary>Resource Manager still works on it.</summary>
    public const string ProvisioningDrift = "Provisioning";

    /// <summary>What is put right in one change of the account itself.</summary>
    public static IReadOnlySet<string> OfTheAccount { get; } =
        new HashSet<string> { EncryptionDrift, PublicAccessDrift, SharedKeyDrift, TransportDrift };

    public AccountKey? Key =>
        Text(Encryption, "keySource") is { } source
            && source.Equals("Microsoft.Keyvault", StringComparison.OrdinalIgnoreCase)
            && Encryption["keyvaultproperties"] is JsonObject key && Text(key, "keyvaulturi") is { } vault
            && Text(key, "keyname") is { } name
                ? new AccountKey(vault.TrimEnd('/'), name, Text(key, "keyversion") ?? "")
                : null;

    /// <summary>The key's id as the spec spells it, without the version,
    /// where it is that key and the version that is asked for.</summary>
    public string? KeyIdFor(StoreSpec spec) =>
        AccountKey.Find(spec.Key.Id)?.Is(Key) == true ? spec.Key.Identity : Key?.Id;

    /// <summary>What the root key is really wrapped by: until it names the new key,
    /// a change of keys is not done.</summary>
    public string? CurrentKeyVersion =>
        Text(Encryption["keyvaultproperties"] as JsonObject, "currentVersionedKeyIdentifier");

    public ClosingMark? Mark => MarkOf(Account);

    /// <summary>Shut, and all that goes with it was done: an interrupted closing is none.</summary>
    public bool IsDenied => IsClosed && !ResourceRules.Any(Account);

    /// <summary>But for the resource instances, which only a closing that can keep them takes out.</summary>
    private bool IsClosed =>
        Mark is { CompletedAt: not null } && IsShut && !AllowsSharedKey && !PrivateDoors.AnyOpen(Account)
            && Role is RoleStanding.NotWanted or RoleStanding.Untold or RoleStanding.Missing;

    /// <summary>When nobody can get in any more by the role that was taken.</summary>
    public DateTimeOffset? SettlesAt(AzureOptions options) =>
        IsDenied && Role != RoleStanding.NotWanted ? Mark!.CompletedAt + options.RoleSettling : null;

    private bool IsShut =>
        Says(Properties, "publicNetworkAccess", "Disabled") && Says(Rules, "defaultAction", "Deny")
            && Says(Rules, "bypass", "None");

    private bool AllowsSharedKey =>
        Properties["allowSharedKeyAccess"] is not JsonValue value || !value.TryGetValue<bool>(out var allowed)
            || allowed;

    private JsonObject Properties => Account["properties"] as JsonObject ?? [];

    private JsonObject Encryption => Properties["encryption"] as JsonObject ?? [];

    private JsonObject Rules => Properties["networkAcls"] as JsonObject ?? [];

    public IReadOnlyList<string> Drift(StoreSpec spec, AzureOptions options)
    {
        var drift = new List<string>();
        AddUnless(Text(Properties, "provisioningState") is null or "Succeeded", ProvisioningDrift);
        AddUnless(AccountKey.Find(spec.Key.Id)?.Is(Key) == true && IsReachedAs(spec, options), EncryptionDrift);
        AddUnless(Flag(Properties, "allowBlobPublicAccess") == false, PublicAccessDrift);
        AddUnless(!AllowsSharedKey, SharedKeyDrift);
        AddUnless(Text(Properties, "minimumTlsVersion") is "TLS1_2" or "TLS1_3"
            && Flag(Properties, "supportsHttpsTrafficOnly") == true, TransportDrift);

        // Keeping more versions than asked for is no drift.
        AddUnless(!spec.Versioned
            || Flag(BlobService["properties"] as JsonObject, "isVersioningEnabled") == true, VersioningDrift);
        AddUnless(Container is not null, ContainerDrift);
        AddUnless(Role is RoleStanding.NotWanted or RoleStanding.Untold or RoleStanding.Given
            || Mark is not null, WorkloadRoleDrift);
        AddUnless(Mark is null || IsClosed, InterruptedClosingDrift);
        return drift;

        void AddUnless(bool holds, string aspect)
        {
            if (!holds)
            {
                drift.Add(aspect);
            }
        }
    }

    /// <summary>Evidence besides what is compared: which version of the key really holds the account,
    /// and since when.</summary>
    public IReadOnlyDictionary<string, string> Observed()
    {
        var key = Encryption["keyvaultproperties"] as JsonObject;
        var services = Encryption["services"] as JsonObject;
        return new Dictionary<string, string>
        {
            ["encryption"] = Text(Encryption, "keySource") ?? "none",
            ["key"] = Key?.Id ?? "none",
            ["currentVersionedKeyIdentifier"] = Text(key, "currentVersionedKeyIdentifier") ?? "none",
            ["lastKeyRotationTimestamp"] = Text(key, "lastKeyRotationTimestamp") ?? "none",
            ["currentVersionedKeyExpirationTimestamp"] = Text(key, "currentVersionedKeyExpirationTimestamp") ?? "none",
            ["infrastructureEncryption"] = Flag(Encryption, "requireInfrastructureEncryption") == true ? "On" : "Off",
            ["queueAndTableKeys"] =
                $"{Text(services?["queue"] as JsonObject, "keyType") ?? "Service"} "
                    + $"{Text(services?["table"] as JsonObject, "keyType") ?? "Service"}",
            ["minimumTls"] = Text(Properties, "minimumTlsVersion") ?? "none",
            ["publicBlobAccess"] = Flag(Properties, "allowBlobPublicAccess") == false ? "Off" : "On",
            ["sharedKey"] = AllowsSharedKey ? "On" : "Off",
            ["network"] =
                $"{Text(Properties, "publicNetworkAccess") ?? "Enabled"} {Text(Rules, "defaultAction") ?? "Allow"}",
            ["versioning"] = Flag(BlobService["properties"] as JsonObject, "isVersioningEnabled") == true ? "Enabled"
                : "Off",
        };
    }

    public static ClosingMark? MarkOf(JsonObject account) =>
        ClosingMark.Read(Text(account["tags"] as JsonObject, ClosingMark.Tag));

    public static string? Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    public static bool? Flag(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    private static bool Says(JsonObject json, string name, string value) =>
        string.Equals(Text(json, name), value, StringComparison.OrdinalIgnoreCase);

    /// <summary>By our identity, and across directories as the application that the tenant installed.</summary>
    private bool IsReachedAs(StoreSpec spec, AzureOptions options) =>
        Encryption["identity"] is JsonObject identity
        && string.Equals(Text(identity, "userAssignedIdentity"), options.IdentityResourceId,
            StringComparison.OrdinalIgnoreCase)
        && string.Equals(Text(identity, "federatedIdentityClientId"), spec.Key.Tenancy?.ClientId,
            StringComparison.OrdinalIgnoreCase);
}
