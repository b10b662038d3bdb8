using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>The rules of <c>spec.azureKeyVault</c>, and of every key in a vault. The sentences are those of crds/, word
/// for word; a test compares them.</summary>
internal static partial class AzureKeyRules
{
    public static IEnumerable<Violation> Check(AzureKeyVaultSource source)
    {
        foreach (var violation in Address("spec.azureKeyVault", source.VaultUri, source.KeyName))
        {
            yield return violation;
        }

        if (source.KeyVersion is { } version && !VersionShape().IsMatch(version))
        {
            yield return new("spec.azureKeyVault.keyVersion",
                "not the version of a key: write its 32 hexadecimal digits, or leave keyVersion out for the newest");
        }

        foreach (var violation in FieldRules.Id(
                "spec.azureKeyVault.tenantId", source.TenantId,
                "not the id of a directory: write its GUID, such as 11111111-2222-3333-4444-555555555555")
            .Concat(
                FieldRules.Id("spec.azureKeyVault.clientId", source.ClientId,
                    "not the id of an application: write the platform's client id, a GUID")))
        {
            yield return violation;
        }
    }

    /// <param name="field">Of the source that names vault and key.</param>
    public static IEnumerable<Violation> Address(string field, string vaultUri, string keyName)
    {
        foreach (var violation in Vault($"{field}.vaultUri", vaultUri))
        {
            yield return violation;
        }

        if (!NameShape().IsMatch(keyName))
        {
            yield return new($"{field}.keyName", "not the name of a key: write 1 to 127 letters, digits and hyphens");
        }
    }

    public static IEnumerable<Violation> Vault(string field, string vaultUri)
    {
        if (!VaultShape().IsMatch(vaultUri))
        {
            yield return new(field,
                "not the address of a vault: write https://NAME.vault.azure.net (vault.usgovcloudapi.net, "
                    + "vault.azure.cn), nothing after it");
        }
    }

    /// <param name="field">Of the source that names the key.</param>
    public static IEnumerable<Violation> SameKey(string field, string? before, string? after)
    {
        if (before is not null && after is not null && before != after)
        {
            yield return new(field,
                "another vault or name is another key, and data stands under this one: make a new TenantEncryptionKey");
        }
    }

    public static IEnumerable<Violation> Check(KeyRotation rotation)
    {
        foreach (var violation
            in FieldRules.OneOf("spec.rotation.confirmation", rotation.Confirmation, KeyRotation.Automatic,
                KeyRotation.Manual)
                .Concat(
                    FieldRules.OneOf("spec.rotation.whileUnconfirmed", rotation.WhileUnconfirmed, KeyRotation.Pause,
                        KeyRotation.Continue)))
        {
            yield return violation;
        }

        if (rotation.ConfirmedVersion is { } version && !ConfirmedShape().IsMatch(version))
        {
            yield return new("spec.rotation.confirmedVersion",
                "not the version of a key: write the 32 or 64 hexadecimal digits that the condition VersionConfirmed "
                    + "names");
        }
    }

    public static IEnumerable<Violation> CheckChange(AzureKeyVaultSource? before, AzureKeyVaultSource? after) =>
        SameKey("spec.azureKeyVault", before?.KeyId, after?.KeyId);

    [GeneratedRegex(
        @"^https://[a-z][a-z0-9-]{1,22}[a-z0-9]\.(vault\.azure\.net|vault\.usgovcloudapi\.net|vault\.azure\.cn)/?\z")]
    private static partial Regex VaultShape();

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,127}\z")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^[0-9a-f]{32}\z")]
    private static partial Regex VersionShape();

    /// <summary>A vault's version, or the id of a material in KMS.</summary>
    [GeneratedRegex(@"^([0-9a-f]{32}|[0-9a-f]{64})\z")]
    private static partial Regex ConfirmedShape();
}
