namespace Kube.Runtime.Watching;

/// <summary>What the loop around a <see cref="WatchMachine{T}"/> must do next.</summary>
public abstract record Ask
{
    private Ask()
    {
    }

    /// <summary>Fetch a list page; null asks for the first one.</summary>
    public sealed record Page(string? Continue) : Ask;

    /// <summary>Open a watch that continues after this version.</summary>
    public sealed record Open(string ResourceVersion) : Ask;

    /// <summary>Read the next event of the open watch.</summary>
    public sealed record Read : Ask;
}
