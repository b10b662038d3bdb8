using Kube.Core;
using Kube.Runtime.Controllers;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Reconciling;

/// <summary>Find, look, decide, perform, report. The same lines for every kind;
/// kinds differ in how they choose their ladder.</summary>
public sealed class LadderReconciler<TSubject, TWorld>(
    IWorkplace<TSubject, TWorld> workplace,
    Func<TWorld, Plan<TWorld>> choose,
    TimeSpan steadyRecheck) : IReconciler
    where TSubject : class
    where TWorld : class
{
    /// <summary>More than any ladder climbs on one look; it only stops a circle.</summary>
    private const int MostActsOnOneLook = 10;

    /// <summary>What an act on something unseen did is to be known soon;
    /// at once would be a circle where the look goes on failing.</summary>
    private static readonly TimeSpan blindRecheck = TimeSpan.FromSeconds(2);

    /// <summary>A reconcile that got nowhere may be that of a key that is revoked,
    /// or of a store that is to be closed.</summary>
    private static readonly TimeSpan failedRecheck = TimeSpan.FromSeconds(15);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation)
    {
        var lookAgainWithin = (TimeSpan?)failedRecheck;
        try
        {
            if (await workplace.FindAsync(key, cancellation) is not { } subject)
            {
                return new Outcome.Await();
            }

            return workplace.Postpones(subject) is { } atMost
                ? new Outcome.After(atMost < steadyRecheck ? atMost : steadyRecheck)
                : await StepAsync(key, subject, plan => lookAgainWithin = plan.LookAgainWithin, cancellation);
        }
        catch (OperationCanceledException late)
        {
            throw new LateReconcileException(late, lookAgainWithin);
        }
        catch (Exception failure) when (failure is not (ReconcileException or LeadershipLostException))
        {
            throw new ReconcileException(key, failure, lookAgainWithin);
        }
    }

    private async Task<Outcome> StepAsync(
        ObjectKey key, TSubject subject, Action<Plan<TWorld>> chose, CancellationToken cancellation)
    {
        var world = await LookAsync(subject, cancellation);
        var plan = Choose(world);
        var (failures, known) = await PerformAsync(subject, world, plan, cancellation);
        for (var acts = 1; known is not null && acts < MostActsOnOneLook; acts++)
        {
            (world, plan) = (known, Choose(known));
            (failures, known) = await PerformAsync(subject, world, plan, cancellation);
        }

        if (failures.Count > 0 || !IsOnItsWay(plan))
        {
            await workplace.ReportAsync(subject, world, plan, failures, cancellation);
        }

        return failures.Count > 0 ? throw new ReconcileException(key, failures, plan.LookAgainWithin) : Next(plan);

        Plan<TWorld> Choose(TWorld seen)
        {
            var chosen = choose(seen);
            chose(chosen);
            return chosen;
        }
    }

    /// <summary>The one place that every look comes through: whatever is thrown,
    /// there is a world to decide on.</summary>
    private async Task<TWorld> LookAsync(TSubject subject, CancellationToken cancellation)
    {
        try
        {
            var seen = await workplace.LookAsync(subject, cancellation);
            workplace.Publish(subject, seen);
            var whole = await workplace.LookOnAsync(subject, seen, cancellation);
            if (!ReferenceEquals(whole, seen))
            {
                workplace.Publish(subject, whole);
            }

            return whole;
        }
        catch (Exception failure) when (failure is not LeadershipLostException && !cancellation.IsCancellationRequested)
        {
            var unseen = workplace.Unseen(subject, failure);
            workplace.Publish(subject, unseen);
            return unseen;
        }
    }

    /// <summary>After an act that takes nothing away nobody has to be told what was lacking:
    /// the look that follows at once tells more.</summary>
    private static bool IsOnItsWay(Plan<TWorld> plan) => plan.Steps is [Step.Take { Act.IsDestructive: false }];

    // Side by side: only a plan that closes has several, and there none may wait for another or fall with it.
    private async Task<(IReadOnlyList<ActFailure> Failures, TWorld? Known)> PerformAsync(
        TSubject subject, TWorld world, Plan<TWorld> plan, CancellationToken cancellation)
    {
        var outcomes = await Task.WhenAll(plan.Steps.OfType<Step.Take>()
            .Select(step => TryPerformAsync(subject, world, step, cancellation)));
        return ([.. outcomes.Select(outcome => outcome.Failure).OfType<ActFailure>()], outcomes is [var only]
            ? only.Known : null);
    }

    // A failed act must still be reported before it is retried, so it is carried as a value up to the report. Who does
    // not lead any more has nothing to report.
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

    /// <summary>After an act at once; else as soon as any step or the plan itself asks for,
    /// and never later than the steady recheck.</summary>
    private Outcome Next(Plan<TWorld> plan) => plan.Steps.Any(step => step is Step.Take { IsBlind: false })
        ? new Outcome.Again()
        : new Outcome.After(plan.Steps.OfType<Step.Wait>().Select(wait => wait.Recheck)
            .Concat(plan.Steps.OfType<Step.Take>().Select(_ => blindRecheck))
            .Append(plan.LookAgainWithin ?? steadyRecheck)
            .Append(steadyRecheck).Min());
}
