using System.Text.Json.Nodes;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>What is asked of Resource Manager for an account. Pure. A change carries what it changes,
/// with all that stood beside it.</summary>
internal static class AccountDocument
{
    /// <summary>Before the words of <see cref="StoreTag"/>. Resource Manager takes no slash in a tag's name.</summary>
    public const string TagPrefix = "byok-";

    private const string Disabled = "Disabled";

    private static readonly string[] OnlyTold =
        ["currentVersionedKeyIdentifier", "lastKeyRotationTimestamp", "currentVersionedKeyExpirationTimestamp"];

    /// <summary>Queues, tables and the second layer can be chosen now or never.</summary>
    public static JsonObject ToCreate(StoreSpec spec, AzureOptions options) => new()
    {
        ["location"] = spec.Store.Region,
        ["kind"] = "StorageV2",
        ["sku"] = new JsonObject { ["name"] = options.StorageSku },
        ["tags"] = new JsonObject(TagsFor(spec)),
        ["identity"] = new JsonObject
        {
            ["type"] = "UserAssigned",
            ["userAssignedIdentities"] = new JsonObject { [options.IdentityResourceId!] = new JsonObject() },
        },
        ["properties"] = new JsonObject
        {
            ["accessTier"] = "Hot",
            ["minimumTlsVersion"] = "TLS1_2",
            ["supportsHttpsTrafficOnly"] = true,
            ["allowBlobPublicAccess"] = false,
            ["allowSharedKeyAccess"] = false,
            ["allowCrossTenantReplication"] = false,
            ["defaultToOAuthAuthentication"] = true,
            ["publicNetworkAccess"] = ClosingMark.AsMade.PublicNetworkAccess,
            ["networkAcls"] = new JsonObject
            {
                ["defaultAction"] = ClosingMark.AsMade.DefaultAction,
                ["bypass"] = ClosingMark.AsMade.Bypass,
            },
            ["encryption"] = Encrypted(new JsonObject
            {
                ["requireInfrastructureEncryption"] = true,
                ["services"] = new JsonObject
                {
                    ["blob"] = new JsonObject { ["enabled"] = true, ["keyType"] = "Account" },
                    ["file"] = new JsonObject { ["enabled"] = true, ["keyType"] = "Account" },
                    ["queue"] = new JsonObject { ["enabled"] = true, ["keyType"] = "Account" },
                    ["table"] = new JsonObject { ["enabled"] = true, ["keyType"] = "Account" },
                },
            }, spec, options),
        },
    };

    /// <summary>Another owner's account that is this one's from now on; others' tags stay.</summary>
    public static JsonObject ToAdopt(StoreSpec spec, JsonObject account)
    {
        var tags = account["tags"]?.DeepClone() as JsonObject ?? [];
        foreach (var word in StoreTag.Words)
        {
            tags.Remove(TagPrefix + word);
        }

        foreach (var (name, value) in TagsFor(spec))
        {
            tags[name] = value;
        }

        return new JsonObject { ["tags"] = tags };
    }

    public static JsonObject ToMend(
        StoreSpec spec, AzureOptions options, AccountFacts facts, IEnumerable<string> aspects)
    {
        var change = new JsonObject();
        var properties = new JsonObject();
        foreach (var aspect in aspects)
        {
            switch (aspect)
            {
                case AccountFacts.EncryptionDrift:
                    properties["encryption"] = Encrypted(
                        (facts.Account["properties"] as JsonObject)?["encryption"]?.DeepClone() as JsonObject ?? [],
                        spec, options);
                    change["identity"] = Identity(facts.Account["identity"] as JsonObject, options);
                    break;
                case AccountFacts.PublicAccessDrift:
                    properties["allowBlobPublicAccess"] = false;
                    break;
                case AccountFacts.SharedKeyDrift:
                    properties["allowSharedKeyAccess"] = false;
                    break;
                case AccountFacts.TransportDrift:
                    (properties["minimumTlsVersion"], properties["supportsHttpsTrafficOnly"]) = ("TLS1_2", true);
                    break;
            }
        }

        change["properties"] = properties;
        return change;
    }

    /// <summary>The network's own rules stay as they are; they are only out of force.</summary>
    /// <param name="account">As Resource Manager tells it.</param>
    /// <param name="shut">Or open again.</param>
    /// <param name="before">What an open account says.</param>
    /// <param name="mark">Null takes it away.</param>
    /// <param name="resources">Which <see cref="ResourceRules"/> stand afterwards; null: those that do.</param>
    public static JsonObject ToSwitch(
        JsonObject account, bool shut, ClosingMark before, ClosingMark? mark, JsonArray? resources) => new()
    {
        ["tags"] = Marked(account, mark),
        ["properties"] = new JsonObject
        {
            ["publicNetworkAccess"] = shut ? Disabled : before.PublicNetworkAccess,
            ["networkAcls"] =
                Rules(account, shut ? ("Deny", "None") : (before.DefaultAction, before.Bypass), resources),
            ["allowSharedKeyAccess"] = false,
        },
    };

    /// <summary>What <see cref="ToSwitch"/> shuts, one thing at a time, the widest first.</summary>
    /// <param name="account">Null where nobody knows it:
    /// what has to be written back with others' then stays as it is.</param>
    /// <param name="mark">Null where the account isn't known.</param>
    /// <param name="resources">As in <see cref="ToSwitch"/>.</param>
    public static IReadOnlyList<(string What, JsonObject Change)> ToShutByParts(
        JsonObject? account, ClosingMark? mark, JsonArray? resources)
    {
        List<(string, JsonObject)> parts =
        [
            ("public network", Of("publicNetworkAccess", Disabled)),
            ("shared keys", Of("allowSharedKeyAccess", false)),
        ];
        if (account is not null)
        {
            parts.Add(("network rules", Of("networkAcls", Rules(account, ("Deny", "None"), resources))));
            parts.Add(("mark", new JsonObject { ["tags"] = Marked(account, mark) }));
        }

        return parts;

        static JsonObject Of(string name, JsonNode value) =>
            new() { ["properties"] = new JsonObject { [name] = value } };
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> TagsFor(StoreSpec spec) =>
        StoreTag.For(spec)
            .Select(one => KeyValuePair.Create<string, JsonNode?>(TagPrefix + one.Word, JsonValue.Create(one.Value)));

    private static JsonObject Rules(
        JsonObject account, (string DefaultAction, string Bypass) wanted, JsonArray? resources)
    {
        var rules = (account["properties"] as JsonObject)?["networkAcls"]?.DeepClone() as JsonObject ?? [];
        (rules["defaultAction"], rules["bypass"]) = wanted;
        if (resources is not null && (resources.Count > 0 || rules.ContainsKey(ResourceRules.Name)))
        {
            rules[ResourceRules.Name] = resources.DeepClone();
        }

        return rules;
    }

    private static JsonObject Marked(JsonObject account, ClosingMark? mark)
    {
        var tags = account["tags"]?.DeepClone() as JsonObject ?? [];
        tags.Remove(ClosingMark.Tag);
        if (mark is not null)
        {
            tags[ClosingMark.Tag] = mark.ToString();
        }

        return tags;
    }

    private static JsonObject Encrypted(JsonObject encryption, StoreSpec spec, AzureOptions options)
    {
        var key = AccountKey.Parse(spec.Key.Id);
        var properties = encryption["keyvaultproperties"]?.DeepClone() as JsonObject ?? [];
        foreach (var told in OnlyTold)
        {
            properties.Remove(told);
        }

        (properties["keyvaulturi"], properties["keyname"], properties["keyversion"]) =
            (key.Vault, key.Name, key.Version);
        encryption["keySource"] = "Microsoft.Keyvault";
        encryption["keyvaultproperties"] = properties;
        encryption["identity"] = new JsonObject
        {
            ["userAssignedIdentity"] = options.IdentityResourceId,
            ["federatedIdentityClientId"] = spec.Key.Tenancy?.ClientId,
        };
        return encryption;
    }

    /// <summary>Other identities of the account are somebody else's affair.</summary>
    private static JsonObject Identity(JsonObject? standing, AzureOptions options)
    {
        var others = standing?["userAssignedIdentities"] as JsonObject ?? [];
        var identities =
            new JsonObject(others.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, new JsonObject())));
        if (!others.Any(one => string.Equals(one.Key, options.IdentityResourceId, StringComparison.OrdinalIgnoreCase)))
        {
            identities[options.IdentityResourceId!] = new JsonObject();
        }

        var isSystem =
            AccountFacts.Text(standing, "type")?.Contains("SystemAssigned", StringComparison.OrdinalIgnoreCase) == true;
        return new JsonObject { ["type"] = isSystem ? "SystemAssigned,UserAssigned"
            : "UserAssigned", ["userAssignedIdentities"] = identities };
    }
}
