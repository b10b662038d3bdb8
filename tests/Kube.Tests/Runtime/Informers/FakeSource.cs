using System.Threading.Channels;
using k8s.Models;
using Kube.Core;
using Kube.Runtime.Informers;

namespace Kube.Tests.Runtime.Informers;

/// <summary>A server that says what the test tells it to say, and remembers what it was asked.</summary>
internal sealed class FakeSource : IWatchSource<Thing>
{
    private readonly Channel<Func<KubeList<Thing>>> pages = Channel.CreateUnbounded<Func<KubeList<Thing>>>();
    private readonly Channel<Func<WatchEvent<Thing>?>> events = Channel.CreateUnbounded<Func<WatchEvent<Thing>?>>();
    private readonly List<string> asked = [];

    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (asked)
            {
                return [.. asked];
            }
        }
    }

    public void Page(string version, string? next, params Thing[] items) =>
        pages.Writer.TryWrite(() =>
            new KubeList<Thing>(items, new V1ListMeta { ResourceVersion = version, ContinueProperty = next }));

    /// <summary>A page with objects that can't be read beside those that can.</summary>
    public void PageWith(Quarantined[] bad, string version, params Thing[] items) =>
        pages.Writer.TryWrite(() =>
            new KubeList<Thing>(items, new V1ListMeta { ResourceVersion = version }) { Unreadable = bad });

    public void FailPage(int code) =>
        pages.Writer.TryWrite(() => throw new KubeException(new KubeStatus { Code = code }));

    public void Change(Thing item) => events.Writer.TryWrite(() => new WatchEvent<Thing>.Changed(item));

    public void Spoil(Quarantined bad) => events.Writer.TryWrite(() => new WatchEvent<Thing>.Unreadable(bad));

    public void Delete(Thing item) => events.Writer.TryWrite(() => new WatchEvent<Thing>.Deleted(item.Metadata));

    public void Bookmark(string version) => events.Writer.TryWrite(() => new WatchEvent<Thing>.Bookmark(version));

    public void FailWatch(int code) =>
        events.Writer.TryWrite(() => throw new KubeException(new KubeStatus { Code = code }));

    /// <summary>As where a line of the watch is no event at all.</summary>
    public void GarbleWatch() =>
        events.Writer.TryWrite(() =>
            throw KubeException.Unreadable(Thing.Kind, new Quarantined(new(), "a watch line")));

    public void CloseWatch() => events.Writer.TryWrite(() => null);

    public async Task<KubeList<Thing>> ListPageAsync(string? continueFrom, CancellationToken cancellation)
    {
        Note($"list({continueFrom})");
        return (await pages.Reader.ReadAsync(cancellation))();
    }

    public async IAsyncEnumerable<WatchEvent<Thing>> WatchAsync(
        string resourceVersion, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Note($"watch({resourceVersion})");
        while ((await events.Reader.ReadAsync(cancellation))() is { } seen)
        {
            yield return seen;
        }
    }

    private void Note(string what)
    {
        lock (asked)
        {
            asked.Add(what);
        }
    }
}
