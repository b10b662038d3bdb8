namespace Kube.Runtime.Informers;

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
