using System.Diagnostics;

namespace ByokOperator.Reconciling;

/// <summary>Chooses the step: one act for a ladder that climbs, every due act for one that closes.</summary>
public static class Ladder
{
    private static readonly TimeSpan BlindRecheck = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The lowest rung that does not hold decides the step. Rungs above it are not consulted, so an act is
    /// only ever proposed when every requirement below it was seen to hold in this same look at the world.
    /// </summary>
    public static Step Next<TWorld>(IReadOnlyList<Rung<TWorld>> rungs, TWorld world)
    {
        foreach (var rung in rungs)
        {
            if (rung.Look(world) is var finding and not (Finding.Holds or Finding.Deferred))
            {
                return StepFor(rung.Condition, finding);
            }
        }

        return new Step.Rest();
    }

    /// <summary>
    /// Closing only: every rung that does not hold yields its step, in order, so that a fact that can't be seen
    /// and an act that fails hold nothing back, not even their own rung. Empty means closed.
    /// </summary>
    public static IReadOnlyList<Step> Due<TWorld>(IReadOnlyList<Rung<TWorld>> rungs, TWorld world) =>
        [.. rungs.Select(rung => (rung.Condition, Finding: rung.Look(world)))
            .Where(seen => seen.Finding is not (Finding.Holds or Finding.Deferred))
            .Select(seen => AnywayFor(seen.Condition, seen.Finding) ?? StepFor(seen.Condition, seen.Finding))];

    /// <summary>When the first of what is deferred comes due; null where nothing is.</summary>
    public static TimeSpan? DeferredFor<TWorld>(IReadOnlyList<Rung<TWorld>> rungs, TWorld world) =>
        rungs.Select(rung => rung.Look(world)).OfType<Finding.Deferred>()
            .Select(deferred => (TimeSpan?)deferred.Recheck).Min();

    /// <summary>Every rung reports itself, so the conditions cannot disagree with the plan.</summary>
    public static IReadOnlyList<RungReport> Report<TWorld>(IReadOnlyList<Rung<TWorld>> rungs, TWorld world) =>
        [.. rungs.Select(rung => RungReport.Of(rung.Condition, rung.Look(world)))];

    private static Step.Take? AnywayFor(string rung, Finding finding) => finding switch
    {
        Finding.Unseen { Anyway: { } act } unseen => new Step.Take(rung, unseen.Reason, act) { IsBlind = true },
        Finding.Stuck { Anyway: { } act } stuck => new Step.Take(rung, stuck.Reason, act) { IsBlind = true },
        _ => null,
    };

    private static Step StepFor(string rung, Finding finding) => finding switch
    {
        Finding.Lacks lacks => new Step.Take(rung, lacks.Reason, lacks.Remedy),
        Finding.Pending pending => new Step.Wait(rung, pending.Reason, pending.Recheck),
        Finding.Unseen unseen => new Step.Wait(rung, unseen.Reason, BlindRecheck),
        Finding.Stuck stuck => new Step.Halt(rung, stuck.Reason),
        _ => throw new UnreachableException(finding.GetType().Name),
    };
}
