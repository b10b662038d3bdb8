using System.Diagnostics;
using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>
/// List-then-watch with no I/O in it: an answer goes in; signals and the next ask come out. A watch goes on from the
/// last version it heard of; it lists again only when the server refuses that version, when what comes after it can't
/// be got past, or when a list broke half-way.
/// </summary>
public sealed class WatchMachine<T>
    where T : class, IResource<T>
{
    private string? resourceVersion; // null while a list is in progress

    public (IReadOnlyList<InformerEvent<T>> Signals, WatchRequest Next) Start() => Relist();

    public (IReadOnlyList<InformerEvent<T>> Signals, WatchRequest Next) Advance(WatchResponse<T> answer) =>
        answer switch
        {
            WatchResponse<T>.Listed listed => OnPage(listed.Page),
            WatchResponse<T>.Opened => ([], new WatchRequest.Read()),
            WatchResponse<T>.Seen seen => OnEvent(seen.Event),
            WatchResponse<T>.Closed => Resume(),
            WatchResponse<T>.Failed failed => failed.IsInTheWay || IsRefusal(failed.Code) ? Relist() : Resume(),
            _ => throw new UnreachableException(answer.GetType().Name),
        };

    private (IReadOnlyList<InformerEvent<T>>, WatchRequest) Relist()
    {
        resourceVersion = null;
        return ([new InformerEvent<T>.Begin()], new WatchRequest.Page(Continue: null));
    }

    private (IReadOnlyList<InformerEvent<T>>, WatchRequest) Resume() =>
        resourceVersion is null ? Relist() : ([], new WatchRequest.Open(resourceVersion));

    private (IReadOnlyList<InformerEvent<T>>, WatchRequest) OnPage(KubeList<T> page)
    {
        List<InformerEvent<T>> signals = [.. page.Items.Select(item => new InformerEvent<T>.Item(item)),
            .. page.Unreadable.Select(bad => new InformerEvent<T>.BadItem(bad))];
        if (page.Continue is { } next)
        {
            return (signals, new WatchRequest.Page(next));
        }

        resourceVersion = page.ResourceVersion;
        signals.Add(new InformerEvent<T>.End(resourceVersion));
        return (signals, new WatchRequest.Open(resourceVersion));
    }

    private (IReadOnlyList<InformerEvent<T>>, WatchRequest) OnEvent(WatchEvent<T> seen)
    {
        switch (seen)
        {
            case WatchEvent<T>.Changed changed:
                resourceVersion = changed.Resource.Metadata.ResourceVersion ?? resourceVersion;
                return ([new InformerEvent<T>.Changed(changed.Resource)], new WatchRequest.Read());
            case WatchEvent<T>.Unreadable { Bad: { IsNameless: false } bad }:
                resourceVersion = bad.Metadata.ResourceVersion ?? resourceVersion;
                return ([new InformerEvent<T>.Spoiled(bad)], new WatchRequest.Read());
            case WatchEvent<T>.Deleted { Metadata: { Name.Length: > 0 } gone }:
                resourceVersion = gone.ResourceVersion ?? resourceVersion;
                return ([new InformerEvent<T>.Gone(gone)], new WatchRequest.Read());
            case WatchEvent<T>.Unreadable or WatchEvent<T>.Deleted:
                return Relist(); // of whom it tells nobody knows: only a list shows what stands now
            case WatchEvent<T>.Bookmark bookmark:
                resourceVersion = bookmark.ResourceVersion;
                return ([new InformerEvent<T>.Reached(bookmark.ResourceVersion)], new WatchRequest.Read());
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

/// <summary>What the loop around a <see cref="WatchMachine{T}"/> must do next.</summary>
public abstract record WatchRequest
{
    private WatchRequest()
    {
    }

    /// <summary>Fetch a list page; null asks for the first one.</summary>
    public sealed record Page(string? Continue) : WatchRequest;

    /// <summary>Open a watch that continues after this version.</summary>
    public sealed record Open(string ResourceVersion) : WatchRequest;

    /// <summary>Read the next event of the open watch.</summary>
    public sealed record Read : WatchRequest;
}
