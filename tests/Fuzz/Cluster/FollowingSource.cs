using System.Globalization;
using System.Runtime.CompilerServices;
using FakeApiServer;
using Kube.Core;
using Kube.Runtime.Informers;

namespace Fuzz.Cluster;

/// <summary>Something that shows what was written when it is let.</summary>
internal interface IFollowing
{
    void CatchUp();
}

/// <summary>Lists as the real one; instead of each change it tells that it fell behind,
/// so that everything is listed again.</summary>
internal sealed class FollowingSource<T>(ApiServerCore server, IWatchSource<T> real) : IWatchSource<T>, IFollowing
    where T : class, IResource<T>
{
    private TaskCompletionSource? waiting;
    private long at;

    public async Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation)
    {
        at = server.Store.Version;
        return await real.ListPageAsync(continueFrom, cancellation);
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new WatchEvent<T>.Bookmark(at.ToString(CultureInfo.InvariantCulture));
        waiting = new TaskCompletionSource();
        await waiting.Task.WaitAsync(cancellation);
        yield return new WatchEvent<T>.Failed(new KubeStatus { Code = 410, Reason = "Expired" });
    }

    public void CatchUp()
    {
        if (server.Store.Version > at && waiting is { } one)
        {
            waiting = null;
            one.TrySetResult();
        }
    }
}
