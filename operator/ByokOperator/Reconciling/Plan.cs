namespace ByokOperator.Reconciling;

/// <summary>Makes <see cref="Plan{TWorld}"/> values.</summary>
public static class Plan
{
    /// <summary>One step: the lowest rung that does not hold.
    /// What is deferred is looked at again when it comes due.</summary>
    public static Plan<TWorld> Climb<TWorld>(
        string name, IReadOnlyList<Rung<TWorld>> rungs, TWorld world, TimeSpan? lookAgainWithin = null) =>
        new(name, rungs, [Ladder.Next(rungs, world)], Sooner(lookAgainWithin, Ladder.DeferredFor(rungs, world)));

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;
}

/// <summary>What this reconcile is to do, and on which ladder it stands. Several steps only while closing:
/// then all go out side by side.</summary>
/// <param name="Rungs">What is reported; each becomes a condition.</param>
/// <param name="LookAgainWithin">A time by which the answer could change without anybody telling us;
/// null for the steady recheck.</param>
public sealed record Plan<TWorld>(
    string Name, IReadOnlyList<Rung<TWorld>> Rungs, IReadOnlyList<Step> Steps, TimeSpan? LookAgainWithin);
