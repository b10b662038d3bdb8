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
{
    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation)
    {
        if (await workplace.FindAsync(key, cancellation) is not { } subject)
        {
            return new Outcome.Await();
        }

        var world = await workplace.LookAsync(subject, cancellation);
        var plan = choose(world);
        var failures = await PerformAsync(subject, plan, cancellation);
        await workplace.ReportAsync(subject, world, plan, failures, cancellation);
        return failures.Count > 0 ? throw new ReconcileException(key, failures) : Next(plan);
    }

    // Side by side: only a plan that closes has several, and there none may wait for another or fall with it.
    private async Task<IReadOnlyList<ActFailure>> PerformAsync(TSubject subject, Plan<TWorld> plan, CancellationToken cancellation)
    {
        var outcomes = await Task.WhenAll(plan.Steps.OfType<Step.Take>().Select(step => TryPerformAsync(subject, step, cancellation)));
        return [.. outcomes.OfType<ActFailure>()];
    }

    // A failed act must still be reported before it is retried, so it is carried as a value up to the report. Who does not
    // lead any more has nothing to report.
    private async Task<ActFailure?> TryPerformAsync(TSubject subject, Step.Take step, CancellationToken cancellation)
    {
        try
        {
            await workplace.PerformAsync(subject, step.Act, cancellation);
            return null;
        }
        catch (Exception failure) when (failure is not LeadershipLostException && !cancellation.IsCancellationRequested)
        {
            return new ActFailure(step.Rung, step.Act, failure);
        }
    }

    /// <summary>After an act at once; else as soon as any step or the plan itself asks for, and never later than the steady recheck.</summary>
    private Outcome Next(Plan<TWorld> plan) => plan.Steps.Any(step => step is Step.Take)
        ? new Outcome.Again()
        : new Outcome.After(plan.Steps.OfType<Step.Wait>().Select(wait => wait.Recheck)
            .Append(plan.LookAgainWithin ?? steadyRecheck)
            .Append(steadyRecheck).Min());
}
