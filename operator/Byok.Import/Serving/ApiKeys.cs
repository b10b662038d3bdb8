using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Serving;

/// <summary>API keys that the platform has made, read anew at each call:
/// one whose Secret is deleted is worth nothing from then on.</summary>
public sealed class ApiKeys(KubeClient kube, string ns, TimeProvider time)
{
    /// <summary>The record of a key that is good now; null for every other one, whatever is wrong with it.</summary>
    public async Task<ApiKeyRecord?> FindAsync(ApiKey shown, CancellationToken cancellation)
    {
        var secret = await kube.Api<Secret>().TryGetAsync(ApiKeySecret.Address(ns, shown.Id), cancellation);
        var record = secret is null ? null : ApiKeySecret.Read(secret);
        return ApiKeyRecord.Admits(record, shown, time.GetUtcNow()) && await StandsAsync(record!, cancellation) ? record
            : null;
    }

    /// <summary>A namespace that was deleted and made again is somebody else's:
    /// the keys of the one before are not for it.</summary>
    private async Task<bool> StandsAsync(ApiKeyRecord record, CancellationToken cancellation) =>
        await kube.Api<PartialObject<NamespaceObject>>()
            .TryGetAsync(new ObjectKey("", record.Key.Namespace), cancellation) is { Metadata.Uid: { } uid }
        && uid == record.NamespaceUid;
}
