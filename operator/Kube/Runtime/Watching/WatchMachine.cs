using System.Diagnostics;
using Kube.Core;

namespace Kube.Runtime.Watching;

/// <summary>
/// List-then-watch with no I/O in it: an answer goes in; signals and the next ask come out. A watch goes on from the
/// last version it heard of; it lists again only when the server refuses that version, when what comes after it can't
/// be got past, or when a list broke half-way.
/// </summary>
public sealed class WatchMachine<T>
    where T : class, IResource<T>
{
    private string? resourceVersion; // null while a list is in progress

    public (IReadOnlyList<Signal<T>> Signals, Ask Next) Start() => Relist();

    public (IReadOnlyList<Signal<T>> Signals, Ask Next) Advance(Answer<T> answer) => answer switch
    {
        Answer<T>.Listed listed => OnPage(listed.Page),
        Answer<T>.Opened => ([], new Ask.Read()),
        Answer<T>.Seen seen => OnEvent(seen.Event),
        Answer<T>.Closed => Resume(),
        Answer<T>.Failed failed => failed.IsInTheWay || IsRefusal(failed.Code) ? Relist() : Resume(),
        _ => throw new UnreachableException(answer.GetType().Name),
    };

    private (IReadOnlyList<Signal<T>>, Ask) Relist()
    {
        resourceVersion = null;
        return ([new Signal<T>.Begin()], new Ask.Page(Continue: null));
    }

    private (IReadOnlyList<Signal<T>>, Ask) Resume() =>
        resourceVersion is null ? Relist() : ([], new Ask.Open(resourceVersion));

    private (IReadOnlyList<Signal<T>>, Ask) OnPage(KubeList<T> page)
    {
        List<Signal<T>> signals = [.. page.Items.Select(item => new Signal<T>.Item(item)),
            .. page.Unreadable.Select(bad => new Signal<T>.BadItem(bad))];
        if (page.Continue is { } next)
        {
            return (signals, new Ask.Page(next));
        }

        resourceVersion = page.ResourceVersion;
        signals.Add(new Signal<T>.End(resourceVersion));
        return (signals, new Ask.Open(resourceVersion));
    }

    private (IReadOnlyList<Signal<T>>, Ask) OnEvent(WatchEvent<T> seen)
    {
        switch (seen)
        {
            case WatchEvent<T>.Changed changed:
                resourceVersion = changed.Resource.Metadata.ResourceVersion ?? resourceVersion;
                return ([new Signal<T>.Changed(changed.Resource)], new Ask.Read());
            case WatchEvent<T>.Unreadable { Bad: { IsNameless: false } bad }:
                resourceVersion = bad.Metadata.ResourceVersion ?? resourceVersion;
                return ([new Signal<T>.Spoiled(bad)], new Ask.Read());
            case WatchEvent<T>.Deleted { Metadata: { Name.Length: > 0 } gone }:
                resourceVersion = gone.ResourceVersion ?? resourceVersion;
                return ([new Signal<T>.Gone(gone)], new Ask.Read());
            case WatchEvent<T>.Unreadable or WatchEvent<T>.Deleted:
                return Relist(); // of whom it tells nobody knows: only a list shows what stands now
            case WatchEvent<T>.Bookmark bookmark:
                resourceVersion = bookmark.ResourceVersion;
                return ([new Signal<T>.Reached(bookmark.ResourceVersion)], new Ask.Read());
            case WatchEvent<T>.Failed failed:
                return IsRefusal(failed.Status.Code) ? Relist() : Resume();
            default:
                throw new UnreachableException(seen.GetType().Name);
        }
    }

    /// <summary>
    /// A 4xx says that this very request is wrong, so repeating it cannot help: 410 foremost, but also a version the
    /// server calls invalid. A timeout or a throttle says nothing about the version.
    /// </summary>
    private static bool IsRefusal(int code) => code is >= 400 and < 500 and not (408 or 429);
}
