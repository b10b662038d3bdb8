using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>What came back. Failures are inputs too, so no exception crosses the state machine.</summary>
public abstract record WatchResponse<T>
    where T : class, IResource<T>
{
    private WatchResponse()
    {
    }

    public sealed record Listed(KubeList<T> Page) : WatchResponse<T>;

    public sealed record Opened : WatchResponse<T>;

    public sealed record Seen(WatchEvent<T> Event) : WatchResponse<T>;

    /// <summary>The server ended the watch in good order.</summary>
    public sealed record Closed : WatchResponse<T>;

    /// <summary>An HTTP status, or zero for anything that never became one (refused, reset, silent too long).</summary>
    /// <param name="Code">Of the answer.</param>
    /// <param name="IsInTheWay">What stands at that version of the watch can't be got past:
    /// it would be there again.</param>
    public sealed record Failed(int Code, bool IsInTheWay = false) : WatchResponse<T>;
}
