using Kube.Client;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>
/// The published limits as the import API sees them. Kept for a few seconds: the map has an entry for each namespace of
/// every tenant, and whoever asks often must not have it read as often.
/// </summary>
public sealed class LimitReader(KubeClient kube, string ns, TimeProvider time)
{
    private static readonly TimeSpan lookAgain = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<PublishedLimits>? reading;
    private long readAt;

    /// <summary>Of the tenant that has this namespace. Throws where the API server gives no answer.</summary>
    public async Task<LimitLook> FindAsync(string tenantNamespace, CancellationToken cancellation) =>
        (await Latest().WaitAsync(cancellation)).Of(tenantNamespace);

    /// <summary>
    /// One read for all who ask meanwhile; it has the client's own deadline,
    /// for none of them may end it for the others.
    /// </summary>
    private Task<PublishedLimits> Latest()
    {
        lock (gate)
        {
            if (reading is null || reading.IsFaulted || reading.IsCanceled || time.GetElapsedTime(readAt) >= lookAgain)
            {
                readAt = time.GetTimestamp();
                reading = ReadAsync();
            }

            return reading;
        }
    }

    private async Task<PublishedLimits> ReadAsync() =>
        PublishedLimits.Read(await kube.Api<ConfigMap>()
            .TryGetAsync(PublishedLimits.Address(ns), CancellationToken.None));
}
