using Kube.Client;
using Kube.Core;

namespace Kube.Runtime.Events;

/// <summary>Puts on and takes off one finalizer by JSON patch, and never touches anyone else's.</summary>
public sealed class FinalizerWriter<T>(KubeApi<T> api, string finalizer)
    where T : class, IResource<T>
{
    private const int MostTries = 5; // each lost try means that somebody else wrote meanwhile; five in a row is a fight

    /// <summary>The object with the finalizer on; as given when it was on already.</summary>
    public Task<T?> AddAsync(T item, CancellationToken cancellation) =>
        PatchAsync(item,
            live => live.Metadata.DeletionTimestamp is null ? Finalizers.Adding(live.Metadata, finalizer) : null,
            cancellation);

    /// <summary>The object with the finalizer off; null when it is gone, as it is when ours was the last one.</summary>
    public Task<T?> RemoveAsync(T item, CancellationToken cancellation) =>
        PatchAsync(item, live => Finalizers.Removing(live.Metadata, finalizer), cancellation);

    private async Task<T?> PatchAsync(T item, Func<T, JsonPatch?> patchFor, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            if (patchFor(item) is not { } patch)
            {
                return item;
            }

            try
            {
                return await api.PatchJsonAsync(item.Metadata.Key, patch, cancellation);
            }
            catch (KubeException gone) when (gone.Status.IsNotFound)
            {
                return null;
            }
            catch (KubeException done) when (done.Status.IsUnreadable)
            {
                return item; // it was written; how the rest of it looks is no matter here
            }
            catch (KubeException stale) when ((stale.Status.IsInvalid || stale.Status.IsConflict) && tries < MostTries)
            {
                // The test did not hold: what we computed from is no longer so. Look, and compute again.
                if (await api.TryGetAsync(item.Metadata.Key, cancellation) is not { } live
                    || live.Metadata.Uid != item.Metadata.Uid)
                {
                    return null;
                }

                item = live;
            }
        }
    }
}
