using Kube.Core;
using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>A key that the tenant made and wrapped; it becomes the material of keys of the platform's own,
/// in one cloud.</summary>
public sealed record ImportedSource
{
    /// <summary>A 256-bit secret.</summary>
    public AwsImport? Aws { get; init; }

    /// <summary>An RSA private key.</summary>
    public AzureImport? Azure { get; init; }

    /// <summary>Which public key the tenant wraps with: see <see cref="WrappingModes"/>.</summary>
    public string Wrapping { get; init => field = value ?? WrappingModes.Platform; } = WrappingModes.Platform;

    /// <summary>Where the wrapped secret stands; null: the Secret <c>&lt;key&gt;-import</c>,
    /// which the import API writes.</summary>
    public WrappedKeyReference? WrappedKeyFrom { get; init; }

    /// <summary>Consent to RSAES-OAEP with SHA-1, which older tools make; PKCS#1 v1.5 is never accepted.</summary>
    public bool AllowLegacyWrapping { get; init; }

    /// <summary>
    /// Raised by one: the tenant's consent that the next upload is new material under the same key.
    /// Zero is what a field left out reads as.
    /// </summary>
    public int Generation { get; init => field = value is 0 ? 1 : value; } = 1;

    /// <summary>When what is imported ends; null: never. A text that is no time is a violation,
    /// and nothing is imported before it is mended.</summary>
    internal DateTimeOffset? End => Times.TryParse(Aws?.ValidTo ?? Azure?.ValidTo, out var end) ? end : null;

    /// <summary>One imported key for each.</summary>
    internal IReadOnlyList<string> Regions() => Aws?.Regions ?? (Azure is null ? [] : [AzureKeyVaultSource.AnyRegion]);
}

/// <summary>Where the material goes: one KMS key per region, none of which knows of the others.</summary>
public sealed record AwsImport
{
    public IReadOnlyList<string> Regions { get; init => field = Entries.Of(value); } = [];

    /// <summary>When KMS deletes the material by itself, within a year, as RFC 3339 has it; null: never.</summary>
    public string? ValidTo { get; init; }
}

/// <summary>Which key of a vault of the platform's the material becomes. It serves stores in every location.</summary>
public sealed record AzureImport
{
    /// <summary>Such as <c>https://platform.vault.azure.net</c>.</summary>
    public string VaultUri { get; init => field = value ?? ""; } = "";

    public string KeyName { get; init => field = value ?? ""; } = "";

    /// <summary>When the vault lets nobody wrap with the key any more; null: never. Once set it can be moved,
    /// and not taken away.</summary>
    public string? ValidTo { get; init; }

    internal string KeyId => $"{VaultUri.TrimEnd('/')}/keys/{KeyName}";
}

/// <summary>A Secret of the key's own namespace and the names of its entries.</summary>
public sealed record WrappedKeyReference
{
    public string SecretName { get; init => field = value ?? ""; } = "";

    /// <summary>Entry with the wrapped secret: the bytes of <c>encrypted_secret.bin</c> or their base64.</summary>
    public string WrappedKey { get; init => field = value ?? "wrappedKey"; } = "wrappedKey";

    /// <summary>Entry with the base64 SHA-256 of the secret.</summary>
    public string KeyHash { get; init => field = value ?? "keyHash"; } = "keyHash";

    /// <summary>Where the key's upload belongs, while <c>wrappedKeyFrom</c> is left out too.</summary>
    public static WrappedKeyReference Of(TenantEncryptionKey key) =>
        key.Spec.Imported?.WrappedKeyFrom ?? new WrappedKeyReference { SecretName = $"{key.Metadata.Name}-import" };
}

/// <summary>The values of <c>spec.imported.wrapping</c>.</summary>
public static class WrappingModes
{
    /// <summary>The platform's public key, the same for every tenant of a region.</summary>
    public const string Platform = "Platform";

    /// <summary>A key pair and a token made for one import.</summary>
    public const string ImportRequest = "ImportRequest";
}
