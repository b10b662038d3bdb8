using Kube.Core;

namespace Kube.Runtime.Watching;

/// <summary>What came back. Failures are inputs too, so no exception crosses the state machine.</summary>
public abstract record Answer<T>
    where T : class, IResource<T>
{
    private Answer()
    {
    }

    public sealed record Listed(KubeList<T> Page) : Answer<T>;

    public sealed record Opened : Answer<T>;

    public sealed record Seen(WatchEvent<T> Event) : Answer<T>;

    /// <summary>The server ended the watch in good order.</summary>
    public sealed record Closed : Answer<T>;

    /// <summary>An HTTP status, or zero for anything that never became one (refused, reset, silent too long).</summary>
    /// <param name="Code">Of the answer.</param>
    /// <param name="IsInTheWay">What stands at that version of the watch can't be got past:
    /// it would be there again.</param>
    public sealed record Failed(int Code, bool IsInTheWay = false) : Answer<T>;
}
