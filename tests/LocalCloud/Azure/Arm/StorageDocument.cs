using System.Text.Json.Nodes;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Arm;

/// <summary>A storage account on ARM's wire: what was given, plus what only the service knows.</summary>
internal static class StorageDocument
{
    private static readonly string[] Settable =
    [
        "accessTier", "minimumTlsVersion", "supportsHttpsTrafficOnly", "allowSharedKeyAccess", "allowBlobPublicAccess",
        "allowCrossTenantReplication", "defaultToOAuthAuthentication",
        "publicNetworkAccess", "networkAcls", "sasPolicy", "keyPolicy", "isHnsEnabled", "isNfsV3Enabled",
        "isSftpEnabled", "isLocalUserEnabled", "largeFileSharesState", "allowedCopyScope", "dnsEndpointType",
        "routingPreference",
    ];

    private static readonly string[] CreationOnly = ["isHnsEnabled", "isNfsV3Enabled", "dnsEndpointType"];

    /// <summary>Properties as they will be; what can be chosen at creation alone, and differs later,
    /// is refused.</summary>
    public static JsonObject Merge(StorageAccount account, JsonObject given, bool isNew)
    {
        var merged = isNew ? Defaults() : (JsonObject)account.Properties.DeepClone();
        foreach (var name in Settable.Where(name => given[name] is not null))
        {
            if (!isNew && CreationOnly.Contains(name) && !JsonNode.DeepEquals(given[name], merged[name]))
            {
                throw ArmProblems.NotChangeable(name);
            }

            merged[name] = given[name]!.DeepClone();
        }

        if (given["encryption"] is JsonObject encryption)
        {
            merged["encryption"] = MergeEncryption(encryption, isNew ? null : (JsonObject)merged["encryption"]!);
        }

        return merged;
    }

    /// <summary>null: Microsoft's own key.</summary>
    public static AccountEncryption? ReadEncryption(JsonObject given, JsonObject merged, JsonObject head)
    {
        var encryption = merged["encryption"] as JsonObject ?? [];
        if (!string.Equals((string?)encryption["keySource"], "Microsoft.Keyvault", StringComparison.OrdinalIgnoreCase))
        {
            return given["encryption"]?["keyvaultproperties"] is null ? null
                : throw ArmProblems.InvalidValues("encryption.keySource");
        }

        var vault = encryption["keyvaultproperties"] as JsonObject
            ?? throw ArmProblems.InvalidValues("encryption.keyvaultproperties");
        var identity = (string?)encryption["identity"]?["userAssignedIdentity"]
            ?? throw ArmProblems.InvalidValues("encryption.identity");
        if (head["identity"]?["userAssignedIdentities"] is not JsonObject assigned
            || !assigned.Any(one =>
                string.Equals(one.Key, identity, StringComparison.OrdinalIgnoreCase) && one.Value is not null))
        {
            throw ArmProblems.InvalidValues("encryption.identity.userAssignedIdentity");
        }

        if (string.IsNullOrEmpty((string?)vault["keyname"]) || string.IsNullOrEmpty((string?)vault["keyvaulturi"]))
        {
            throw ArmProblems.InvalidValues("keyvaultproperties.keyname,keyvaultproperties.keyvaulturi");
        }

        return new AccountEncryption((string)vault["keyvaulturi"]!, (string)vault["keyname"]!,
            (string?)vault["keyversion"] ?? "", identity)
        {
            FederatedClientId = (string?)encryption["identity"]?["federatedIdentityClientId"] is { Length: > 0 } client
                ? client : null,
        };
    }

    public static JsonObject Write(StorageAccount account, DateTimeOffset now)
    {
        lock (account.Gate)
        {
            var properties = (JsonObject)account.Properties.DeepClone();
            properties["encryption"] = WriteEncryption(account, (JsonObject)properties["encryption"]!);
            properties["provisioningState"] = now < account.BusyUntil ? "Creating" : "Succeeded";
            properties["creationTime"] = ArmText.Time(account.Created);
            properties["primaryLocation"] = account.Location;
            properties["statusOfPrimary"] = "available";
            properties["primaryEndpoints"] =
                new JsonObject { ["blob"] = LocalCloudAzure.Blob(account.Name).ToString() };
            properties["privateEndpointConnections"] = PrivateConnections.Write(account);
            var document = (JsonObject)account.Head.DeepClone();
            document["id"] = account.Id;
            document["name"] = account.Name;
            document["type"] = StorageAccounts.Type;
            document["location"] = account.Location;
            document["tags"] ??= new JsonObject();
            document["properties"] = properties;
            return document;
        }
    }

    private static JsonObject MergeEncryption(JsonObject given, JsonObject? before)
    {
        var merged = before is null ? new JsonObject() : (JsonObject)before.DeepClone();
        if (before is not null && given["requireInfrastructureEncryption"] is { } wanted
            && (bool)wanted != ((bool?)before["requireInfrastructureEncryption"] ?? false))
        {
            throw ArmProblems.NotChangeable("requireInfrastructureEncryption");
        }

        foreach (var service in new[] { "queue", "table" })
        {
            var (now, then) = ((string?)given["services"]?[service]?["keyType"],
                (string?)before?["services"]?[service]?["keyType"] ?? "Service");
            if (before is not null && now is not null && !string.Equals(now, then, StringComparison.OrdinalIgnoreCase))
            {
                throw ArmProblems.NotChangeable($"encryption.services.{service}.keyType");
            }
        }

        foreach (var (name, value) in given)
        {
            merged[name] = value?.DeepClone();
        }

        merged["services"] = before?["services"]?.DeepClone() ?? given["services"]?.DeepClone() ?? new JsonObject();
        merged["keySource"] ??= "Microsoft.Storage";
        return merged;
    }

    private static JsonObject WriteEncryption(StorageAccount account, JsonObject encryption)
    {
        var services = encryption["services"] as JsonObject ?? [];
        foreach (var service in new[] { "blob", "file" })
        {
            services[service] = new JsonObject { ["keyType"] = "Account" };
        }

        foreach (var (_, service) in services)
        {
            service!["enabled"] = true;
            service["lastEnabledTime"] = ArmText.Time(account.Created);
        }

        encryption["services"] = services.DeepClone();
        if (account is { Encryption: { } key, Bound: { } bound })
        {
            encryption["keyvaultproperties"] = new JsonObject
            {
                ["keyvaulturi"] = key.VaultUri,
                ["keyname"] = key.KeyName,
                ["keyversion"] = key.KeyVersion.Length == 0 ? null : key.KeyVersion,
                ["currentVersionedKeyIdentifier"] =
                    $"{key.VaultUri.TrimEnd('/')}/keys/{key.KeyName}/{bound.Version.Id}",
                ["lastKeyRotationTimestamp"] = ArmText.Time(bound.Since),
                ["currentVersionedKeyExpirationTimestamp"] = bound.Version.Expires is { } expires
                    ? ArmText.Time(expires) : null,
            };
        }
        else
        {
            encryption.Remove("keyvaultproperties");
        }

        return encryption;
    }

    private static JsonObject Defaults() => new()
    {
        ["accessTier"] = "Hot",
        ["minimumTlsVersion"] = "TLS1_0",
        ["supportsHttpsTrafficOnly"] = true,
        ["allowBlobPublicAccess"] = false,
        ["publicNetworkAccess"] = "Enabled",
        ["networkAcls"] = new JsonObject
        {
            ["bypass"] = "AzureServices",
            ["defaultAction"] = "Allow",
            ["ipRules"] = new JsonArray(),
            ["virtualNetworkRules"] = new JsonArray(),
        },
        ["encryption"] = new JsonObject { ["keySource"] = "Microsoft.Storage", ["services"] = new JsonObject() },
    };
}
