using System.Collections.Concurrent;
using Kube.Client;
using Kube.Core;

namespace EmbeddedNode;

/// <summary>Does something once for each object of a namespace that is due, until the object goes.</summary>
internal sealed class Follower<T>(
    KubeApi<T> api, string ns, Func<T, bool> isDue, Func<T, CancellationToken, Task> work) : IAsyncDisposable
    where T : class, IResource<T>
{
    private static readonly TimeSpan WatchAgain = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Running> running = new();
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    public void Start() => loop = Task.Run(() => LoopAsync(stop.Token));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running.Values.Select(one => one.Work))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListAndWatchAsync(cancellation);
            }
            catch (Exception lost) when (lost is KubeException or HttpRequestException or IOException)
            {
                await Task.Delay(WatchAgain, cancellation);
            }
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellation)
    {
        var version = "";
        HashSet<string> present = [];
        await foreach (var page in api.ListAsync(new Selection(ns), cancellation))
        {
            version = page.ResourceVersion;
            foreach (var item in page.Items)
            {
                present.Add(item.Metadata.Uid ?? "");
                Consider(item);
            }
        }

        foreach (var gone in running.Keys.Where(uid => !present.Contains(uid)))
        {
            Stop(gone);
        }

        await foreach (var seen in api.WatchAsync(new Selection(ns), version, cancellation))
        {
            switch (seen)
            {
                case WatchEvent<T>.Changed changed: Consider(changed.Resource); break;
                case WatchEvent<T>.Deleted deleted: Stop(deleted.Metadata.Uid ?? ""); break;
                case WatchEvent<T>.Failed: return;
                default: break;
            }
        }
    }

    private void Consider(T item)
    {
        if (item.Metadata.DeletionTimestamp is not null)
        {
            Stop(item.Metadata.Uid ?? "");
        }
        else if (isDue(item))
        {
            running.GetOrAdd(item.Metadata.Uid ?? "", _ => Launch(item));
        }
    }

    private Running Launch(T item)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        return new Running(cancel, Task.Run(() => work(item, cancel.Token)));
    }

    private void Stop(string uid)
    {
        if (running.TryRemove(uid, out var one))
        {
            one.Cancel.Cancel();
        }
    }

    private sealed record Running(CancellationTokenSource Cancel, Task Work);
}
