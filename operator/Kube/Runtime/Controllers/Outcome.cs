namespace Kube.Runtime.Controllers;

/// <summary>
/// When to look again. There is no "again with back-off": that is what throwing means, so a result never stands beside
/// an error.
/// </summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Nothing to do until a trigger or the resync says so.</summary>
    public sealed record Await : Outcome;

    /// <summary>We changed the world; look at it again straight away.</summary>
    public sealed record Again : Outcome;

    /// <summary>Look again after a while, even if nothing tells us to.</summary>
    public sealed record After(TimeSpan Delay) : Outcome;
}
