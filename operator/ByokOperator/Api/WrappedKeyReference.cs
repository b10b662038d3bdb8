namespace ByokOperator.Api;

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
