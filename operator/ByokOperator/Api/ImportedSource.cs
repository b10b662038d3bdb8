using Kube.Core;

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
