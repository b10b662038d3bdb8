using Kube.Core;

namespace Kube.Runtime.LeaderElection;

/// <summary>Which lease, who we are, and how long things take. 15/10/2 s are what every operator uses.</summary>
public sealed record LeaderElectionOptions
{
    public required ObjectKey Lease { get; init; }

    /// <summary>Unique per process, not per host: a restarted process must not believe it still leads.</summary>
    public required string Identity { get; init; }

    /// <summary>How long a silent holder is presumed alive by the others.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A holder that could not renew for this long gives up by itself.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between renewals, and between looks of those who wait.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How much sooner than its lease the fence falls: room for a call that was let through to reach its server, and
    /// for clocks that run at slightly different speeds.
    /// </summary>
    public TimeSpan SafetyMargin { get; init; } = TimeSpan.FromSeconds(3);
}
