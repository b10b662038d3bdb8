using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FakeApiServer;
using Kube.Core;
using Kube.Runtime.Informers;

namespace Simulation.Real.Kubernetes;

/// <summary>Lists like the real one; its watch tells what happened only when the run lets it.</summary>
internal sealed class LaggingSource<T>(
    ApiServerCore server, KubeWatchSource<T> real, Selection selection) : IWatchSource<T>, ILagging
    where T : class, IResource<T>
{
    private readonly Resource resource = server.Catalog.Find(T.Kind.Group, T.Kind.Version, T.Kind.Plural);
    private readonly Func<JsonObject, bool> wanted = Selectors.Parse(
        string.IsNullOrEmpty(selection.Namespace) ? null : selection.Namespace, selection.Labels, selection.Fields);

    private readonly Queue<WatchEvent<T>?> due = new();
    private TaskCompletionSource? waiting;
    private long at;

    public long At => at;

    public string Plural => T.Kind.Plural;

    public bool IsBehind => server.Store.Since(resource, at).Changes.Count > 0;

    public Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation) =>
        real.ListPageAsync(continueFrom, cancellation);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        at = long.Parse(resourceVersion, CultureInfo.InvariantCulture);
        due.Clear();
        while (true)
        {
            while (due.TryDequeue(out var next))
            {
                yield return next ?? throw KubeException.Unreachable("A watch line can't be read.", null);
            }

            waiting = new TaskCompletionSource();
            await waiting.Task.WaitAsync(cancellation);
        }
    }

    public void CatchUp()
    {
        var (changes, until, _) = server.Store.Since(resource, at);
        foreach (var change in changes)
        {
            if (Reads.Seen(change, wanted) is { } type)
            {
                due.Enqueue(Line(type, T.MetadataOnly ? change.Text.Partial : change.Text.Whole));
            }
        }

        if (until > at)
        {
            at = until;
            due.Enqueue(new WatchEvent<T>.Bookmark(until.ToString(CultureInfo.InvariantCulture)));
        }

        Wake();
    }

    public void Expire()
    {
        due.Enqueue(new WatchEvent<T>.Failed(new KubeStatus { Code = 410, Reason = "Expired" }));
        Wake();
    }

    private void Wake()
    {
        if (due.Count > 0 && waiting is { } one)
        {
            waiting = null;
            one.TrySetResult();
        }
    }

    /// <summary>Null where the real reader can't read it: the watch breaks there.</summary>
    private static WatchEvent<T>? Line(string type, byte[] json)
    {
        try
        {
            return WatchEvent.Parse<T>(
                [.. "{\"type\":\""u8, .. Encoding.UTF8.GetBytes(type), .. "\",\"object\":"u8, .. json, .. "}"u8]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
