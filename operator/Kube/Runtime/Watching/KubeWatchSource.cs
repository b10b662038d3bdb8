using Kube.Client;
using Kube.Core;

namespace Kube.Runtime.Watching;

/// <summary>Lists and watches a selection of one kind. With <see cref="PartialObject{TKind}"/>, metadata only.</summary>
public sealed class KubeWatchSource<T>(KubeApi<T> api, Selection selection) : IWatchSource<T>
    where T : class, IResource<T>
{
    public Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation) =>
        api.ListPageAsync(selection, continueFrom, cancellation);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellation) =>
        api.WatchAsync(selection, resourceVersion, cancellation);
}
