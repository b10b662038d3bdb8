using ByokOperator.Api;

namespace ByokOperator.Importing.Serving;

/// <summary>What the TenantEncryptionKey says about an import: whether one is wanted by request, what is consented to,
/// and where the wrapped secret belongs.</summary>
internal sealed record ImportTarget(
    TenantEncryptionKey Key, bool AllowsLegacyWrapping, string SecretName, string WrappedKeyEntry, string KeyHashEntry)
{
    /// <summary>Null where the key takes no import by request.</summary>
    public static ImportTarget? Of(TenantEncryptionKey key)
    {
        if (key.Spec.Imported is not { Wrapping: WrappingModes.ImportRequest } imported)
        {
            return null;
        }

        var where = imported.WrappedKeyFrom
            ?? new WrappedKeyReference { SecretName = DefaultSecret(key.Metadata.Name) };
        return new ImportTarget(key, imported.AllowLegacyWrapping, where.SecretName, where.WrappedKey, where.KeyHash);
    }

    /// <summary>Where an upload goes while <c>wrappedKeyFrom</c> is left out.</summary>
    public static string DefaultSecret(string key) => $"{key}-import";
}
