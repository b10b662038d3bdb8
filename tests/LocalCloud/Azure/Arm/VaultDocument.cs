using System.Text.Json.Nodes;
using LocalCloud.Azure.Vault;

namespace LocalCloud.Azure.Arm;

/// <summary>A vault's properties on ARM's wire, and back.</summary>
internal static class VaultDocument
{
    /// <summary>What isn't given stays.</summary>
    public static VaultSettings Read(JsonObject properties, VaultSettings before)
    {
        if (before.PurgeProtection && properties["enablePurgeProtection"] is { } flag && !(bool)flag)
        {
            throw ArmProblems.BadRequest("BadRequest",
                "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a "
                    + "vault is an irreversible action.");
        }

        var acls = properties["networkAcls"] as JsonObject;
        return before with
        {
            IsPremium = properties["sku"] is JsonObject sku ? Is(sku["name"], "premium") : before.IsPremium,
            UsesRoles = properties["enableRbacAuthorization"] is { } roles ? (bool)roles : before.UsesRoles,
            PurgeProtection = before.PurgeProtection
                || (properties["enablePurgeProtection"] is { } protects && (bool)protects),
            RetentionDays = (int?)properties["softDeleteRetentionInDays"] ?? before.RetentionDays,
            PublicAccess = properties["publicNetworkAccess"] is { } access ? !Is(access, "Disabled")
                : before.PublicAccess,
            DeniesByDefault = acls is null ? before.DeniesByDefault : Is(acls["defaultAction"], "Deny"),
            BypassesTrusted = acls is null ? before.BypassesTrusted
                : acls["bypass"] is not { } bypass || Is(bypass, "AzureServices"),
            AllowedAddresses = acls is null ? before.AllowedAddresses
                : [.. (acls["ipRules"] as JsonArray ?? []).Select(rule => (string?)rule!["value"] ?? "")],
            Policies = properties["accessPolicies"] is JsonArray policies ? [.. policies.Select(ReadPolicy)]
                : before.Policies,
        };
    }

    public static JsonObject Write(KeyVault vault)
    {
        var settings = vault.Settings;
        return new JsonObject
        {
            ["id"] = vault.Id,
            ["name"] = vault.Name,
            ["type"] = "Microsoft.KeyVault/vaults",
            ["location"] = vault.Location,
            ["tags"] = vault.Tags.DeepClone(),
            ["properties"] = new JsonObject
            {
                ["sku"] = new JsonObject { ["family"] = "A", ["name"] = settings.IsPremium ? "premium" : "standard" },
                ["tenantId"] = vault.Tenant,
                ["vaultUri"] = vault.Uri.ToString(),
                ["enableRbacAuthorization"] = settings.UsesRoles,
                ["enableSoftDelete"] = settings.SoftDelete,
                ["softDeleteRetentionInDays"] = settings.RetentionDays,
                ["enablePurgeProtection"] = settings.PurgeProtection ? true : null,
                ["publicNetworkAccess"] = settings.PublicAccess ? "Enabled" : "Disabled",
                ["networkAcls"] = new JsonObject
                {
                    ["bypass"] = settings.BypassesTrusted ? "AzureServices" : "None",
                    ["defaultAction"] = settings.DeniesByDefault ? "Deny" : "Allow",
                    ["ipRules"] =
                        new JsonArray([.. settings.AllowedAddresses.Select(one => new JsonObject { ["value"] = one })]),
                },
                ["accessPolicies"] = new JsonArray([.. settings.Policies.Select(WritePolicy)]),
                ["provisioningState"] = "Succeeded",
            },
        };
    }

    private static AccessPolicy ReadPolicy(JsonNode? policy) =>
        new((string?)policy!["tenantId"] ?? "", (string?)policy["objectId"] ?? "",
            [.. (policy["permissions"]?["keys"] as JsonArray ?? []).Select(one => (string)one!)]);

    private static JsonObject WritePolicy(AccessPolicy policy) => new()
    {
        ["tenantId"] = policy.Tenant,
        ["objectId"] = policy.ObjectId,
        ["permissions"] =
            new JsonObject { ["keys"] = new JsonArray([.. policy.Keys.Select(one => JsonValue.Create(one))]) },
    };

    private static bool Is(JsonNode? node, string text) =>
        string.Equals((string?)node, text, StringComparison.OrdinalIgnoreCase);
}
