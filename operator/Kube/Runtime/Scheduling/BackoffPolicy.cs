namespace Kube.Runtime.Scheduling;

/// <summary>Doubling delays from <paramref name="First"/> up to <paramref name="Ceiling"/>.</summary>
/// <param name="First">The delay after the first failure.</param>
/// <param name="Ceiling">No delay is longer than this, jitter included.</param>
/// <param name="Jitter">The share of a delay that is left to chance: 0.2 spreads it over 80 to 100 %.</param>
public sealed record BackoffPolicy(TimeSpan First, TimeSpan Ceiling, double Jitter = 0.2)
{
    private const int MostDoublings = 30; // 2^30 s is 34 years: beyond any ceiling, below any overflow

    /// <summary>The delay before the next try.</summary>
    /// <param name="failures">How often it failed in a row, at least once.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan Delay(int failures, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doublings = Math.Min(failures - 1, MostDoublings);
        var whole = Math.Min(First.TotalSeconds * (1L << doublings), Ceiling.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (1 - (Jitter * chance)));
    }
}
