using Kube.Client;
using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>Lists and watches a selection of one kind. With <see cref="PartialObject{TKind}"/>,
/// metadata only.</summary>
/// <param name="api">Who is asked.</param>
/// <param name="selection">Which objects.</param>
/// <param name="pageSize">Objects per list page: few where strangers decide how large they are.</param>
public sealed class KubeWatchSource<T>(
    KubeApi<T> api, Selection selection, int pageSize = KubeRequest.PageSize) : IWatchSource<T>
    where T : class, IResource<T>
{
    private PageSize size = new(pageSize);

    public Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation)
    {
        if (continueFrom is null)
        {
            size = new PageSize(pageSize); // what made pages long may be gone
        }

        return api.ListPageAsync(selection, continueFrom, cancellation, size);
    }

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellation) =>
        api.WatchAsync(selection, resourceVersion, cancellation);
}
