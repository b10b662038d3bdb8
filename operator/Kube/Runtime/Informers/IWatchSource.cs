using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>Where a store's objects come from; <see cref="KubeWatchSource{T}"/> asks the apiserver.</summary>
public interface IWatchSource<T>
    where T : class, IResource<T>
{
    Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation);

    /// <summary>
    /// What happened after a version. Ends when the server has had enough; throws when refused, broken, or silent for
    /// so long that the peer must be dead.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellation);
}
