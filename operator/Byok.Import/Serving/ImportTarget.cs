using Kube.Core;

namespace Byok.Import.Serving;

/// <summary>What the cluster says about the key that an import is for.</summary>
public abstract record ImportTarget
{
    private ImportTarget()
    {
    }

    /// <summary>There is no such key, or it is being deleted.</summary>
    public sealed record Missing : ImportTarget;

    /// <summary>The key takes no import by request.</summary>
    public sealed record NotWanted : ImportTarget;

    /// <param name="Secret">Metadata of the Secret that the key's upload belongs in, owner and labels among it.</param>
    /// <param name="WrappedKeyEntry">Where in it the wrapped secret is looked for.</param>
    /// <param name="KeyHashEntry">Where its hash is.</param>
    /// <param name="AllowsLegacyWrapping">Whether RSAES-OAEP with SHA-1 is consented to.</param>
    public sealed record Wanted(
        ObjectMeta Secret, string WrappedKeyEntry, string KeyHashEntry, bool AllowsLegacyWrapping) : ImportTarget;
}

/// <summary>The wall between imports and the kinds of keys: whoever runs the API says what a key wants.</summary>
public interface IImportTargets
{
    /// <exception cref="KubeException">It could not be looked.</exception>
    Task<ImportTarget> FindAsync(ObjectKey key, CancellationToken cancellation);
}
