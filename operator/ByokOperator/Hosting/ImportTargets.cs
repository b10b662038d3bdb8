using Byok.Import.Serving;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Hosting;

/// <summary>What a TenantEncryptionKey says about its import, as the API server has it now.</summary>
internal sealed class ImportTargets(KubeClient kube) : IImportTargets
{
    public async Task<ImportTarget> FindAsync(ObjectKey key, CancellationToken cancellation) =>
        await kube.Api<TenantEncryptionKey>().TryGetAsync(key, cancellation) is { Metadata.DeletionTimestamp: null } one
            ? Of(one) : new ImportTarget.Missing();

    private static ImportTarget Of(TenantEncryptionKey key)
    {
        if (key.Spec.Imported is not { Wrapping: WrappingModes.ImportRequest } imported)
        {
            return new ImportTarget.NotWanted();
        }

        var where = WrappedKeyReference.Of(key);
        return new ImportTarget.Wanted(Children.Meta(key, where.SecretName, Uploads.ChildKind), where.WrappedKey,
            where.KeyHash, imported.AllowLegacyWrapping);
    }
}
