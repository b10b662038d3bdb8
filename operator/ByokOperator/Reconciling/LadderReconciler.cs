using Kube.Core;
using Kube.Runtime.Controlling;
using Kube.Runtime.Leading;

namespace ByokOperator.Reconciling;

/// <summary>Find, look, decide, perform, report. The same lines for every kind; kinds differ in how they choose their ladder.</summary>
public sealed class LadderReconciler<TSubject, TWorld>(
    IWorkplace<TSubject, TWorld> workplace,
    Func<TWorld, Plan<TWorld>> choose,
    TimeSpan steadyRecheck) : IReconciler
    where TSubject : class
    where TWorld : class
{
    /// <summary>More than any ladder climbs on one look; it only stops a circle.</summary>
    private const int MostActsOnOneLook = 10;

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation)
    {
        if (await workplace.FindAsync(key, cancellation) is not { } subject)
        {
            return new Outcome.Await();
        }

        var world = await workplace.LookAsync(subject, cancellation);
        var plan = choose(world);
        var (failures, known) = await PerformAsync(subject, world, plan, cancellation);
        for (var acts = 1; known is not null && acts < MostActsOnOneLook; acts++)
        {
            (world, plan) = (known, choose(known));
            (failures, known) = await PerformAsync(subject, world, plan, cancellation);
        }

        if (failures.Count > 0 || !IsOnItsWay(plan))
        {
            await workplace.ReportAsync(subject, world, plan, failures, cancellation);
        }

        return failures.Count > 0 ? throw new ReconcileException(key, failures, plan.LookAgainWithin) : Next(plan);
    }

    /// <summary>After an act that takes nothing away nobody has to be told what was lacking: the look that follows at once tells more.</summary>
    private static bool IsOnItsWay(Plan<TWorld> plan) => plan.Steps is [Step.Take { Act.IsDestructive: false }];

    // Side by side: only a plan that closes has several, and there none may wait for another or fall with it.
    private async Task<(IReadOnlyList<ActFailure> Failures, TWorld? Known)> PerformAsync(
        TSubject subject, TWorld world, Plan<TWorld> plan, CancellationToken cancellation)
    {
        var outcomes = await Task.WhenAll(plan.Steps.OfType<Step.Take>().Select(step => TryPerformAsync(subject, world, step, cancellation)));
        return ([.. outcomes.Select(outcome => outcome.Failure).OfType<ActFailure>()], outcomes is [var only] ? only.Known : null);
    }

    // A failed act must still be reported before it is retried, so it is carried as a value up to the report. Who does not
    // lead any more has nothing to report.
    private async Task<(ActFailure? Failure, TWorld? Known)> TryPerformAsync(
        TSubject subject, TWorld world, Step.Take step, CancellationToken cancellation)
    {
        try
        {
            return (null, await workplace.PerformAsync(subject, world, step.Act, cancellation));
        }
        catch (Exception failure) when (failure is not LeadershipLostException && !cancellation.IsCancellationRequested)
        {
            return (new ActFailure(step.Rung, step.Act, failure), null);
        }
    }

    /// <summary>After an act at once; else as soon as any step or the plan itself asks for, and never later than the steady recheck.</summary>
    private Outcome Next(Plan<TWorld> plan) => plan.Steps.Any(step => step is Step.Take)
        ? new Outcome.Again()
        : new Outcome.After(plan.Steps.OfType<Step.Wait>().Select(wait => wait.Recheck)
            .Append(plan.LookAgainWithin ?? steadyRecheck)
            .Append(steadyRecheck).Min());
}
