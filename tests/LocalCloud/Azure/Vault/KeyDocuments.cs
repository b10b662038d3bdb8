using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Vault;

/// <summary>Keys on the wire, and back.</summary>
internal static class KeyDocuments
{
    private static readonly string[] Known = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import"];

    public static JsonObject Bundle(KeyVault vault, string name, VaultKeyVersion version)
    {
        var key = new JsonObject
        {
            ["kid"] = IdOf(vault, name, version),
            ["kty"] = version.Type,
            ["key_ops"] = new JsonArray([.. version.Operations.Select(one => JsonValue.Create(one))]),
        };
        if (version.Material is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            (key["n"], key["e"]) =
                (Base64UrlText.Encode(parameters.Modulus), Base64UrlText.Encode(parameters.Exponent));
        }
        else if (version.Material is ECDsa curve)
        {
            var point = curve.ExportParameters(false).Q;
            (key["crv"], key["x"], key["y"]) =
                ($"P-{curve.KeySize}", Base64UrlText.Encode(point.X), Base64UrlText.Encode(point.Y));
        }

        return new JsonObject
        {
            ["key"] = key,
            ["attributes"] = Attributes(vault, version),
            ["tags"] = version.Tags.DeepClone(),
        };
    }

    public static JsonObject DeletedBundle(KeyVault vault, DeletedKey deleted)
    {
        var bundle = Bundle(vault, deleted.Key.Name, deleted.Key.Latest);
        AddDeletion(bundle, vault, deleted);
        return bundle;
    }

    public static void AddDeletion(JsonObject json, KeyVault vault, DeletedKey deleted)
    {
        json["recoveryId"] = new Uri(vault.Uri, $"deletedkeys/{deleted.Key.Name}").ToString();
        json["deletedDate"] = deleted.DeletedAt.ToUnixTimeSeconds();
        json["scheduledPurgeDate"] = deleted.PurgeAt.ToUnixTimeSeconds();
    }

    public static JsonObject Item(KeyVault vault, string name, VaultKeyVersion version, bool withVersion) => new()
    {
        ["kid"] = withVersion ? IdOf(vault, name, version) : new Uri(vault.Uri, $"keys/{name}").ToString(),
        ["attributes"] = Attributes(vault, version),
        ["tags"] = version.Tags.DeepClone(),
    };

    public static string IdOf(KeyVault vault, string name, VaultKeyVersion version) =>
        new Uri(vault.Uri, $"keys/{name}/{version.Id}").ToString();

    /// <summary>Attributes, operations and tags of a request onto a version; what isn't given stays.</summary>
    public static void Apply(JsonObject body, VaultKeyVersion version)
    {
        if (body["attributes"] is JsonObject attributes)
        {
            version.Enabled = attributes["enabled"] is { } enabled ? (bool)enabled : version.Enabled;
            version.NotBefore = attributes["nbf"] is { } from ? DateTimeOffset.FromUnixTimeSeconds((long)from)
                : version.NotBefore;
            version.Expires = attributes["exp"] is { } until ? DateTimeOffset.FromUnixTimeSeconds((long)until)
                : version.Expires;
        }

        if (body["key_ops"] is JsonArray operations)
        {
            version.Operations = [.. operations.Select(one =>
                Known.FirstOrDefault(known => string.Equals(known, (string?)one, StringComparison.OrdinalIgnoreCase))
                    ?? throw VaultProblems.BadParameter($"The value of key_ops is not known: {one}"))];
        }

        if (body["tags"] is JsonObject tags)
        {
            version.Tags = (JsonObject)tags.DeepClone();
        }
    }

    private static JsonObject Attributes(KeyVault vault, VaultKeyVersion version)
    {
        var attributes = new JsonObject { ["enabled"] = version.Enabled };
        if (version.NotBefore is { } from)
        {
            attributes["nbf"] = from.ToUnixTimeSeconds();
        }

        if (version.Expires is { } until)
        {
            attributes["exp"] = until.ToUnixTimeSeconds();
        }

        var settings = vault.Settings;
        attributes["created"] = version.Created.ToUnixTimeSeconds();
        attributes["updated"] = version.Updated.ToUnixTimeSeconds();
        attributes["recoveryLevel"] = !settings.SoftDelete ? "Purgeable"
            : (settings.RetentionDays == VaultSettings.DefaultRetentionDays ? "Recoverable" : "CustomizedRecoverable")
                + (settings.PurgeProtection ? "" : "+Purgeable");
        attributes["recoverableDays"] = settings.SoftDelete ? settings.RetentionDays : 0;
        attributes["exportable"] = false;
        return attributes;
    }
}
