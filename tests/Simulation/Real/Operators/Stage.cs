using ByokOperator.Reconciling;
using Kube.Core;

namespace Simulation.Real.Operators;

/// <summary>Stands before a real workplace: sees what it saw, may change it, and decides what becomes of each act on its way.</summary>
internal sealed class Stage<TSubject, TWorld>(IWorkplace<TSubject, TWorld> real, Script<TWorld> script) : IWorkplace<TSubject, TWorld>
    where TSubject : class
    where TWorld : class
{
    public Task<TSubject?> FindAsync(ObjectKey key, CancellationToken cancellation) => real.FindAsync(key, cancellation);

    public TimeSpan? Postpones(TSubject subject) => real.Postpones(subject);

    public TWorld Unseen(TSubject subject, Exception failure) => script.Saw(real.Unseen(subject, failure));

    public async Task<TWorld> LookAsync(TSubject subject, CancellationToken cancellation) => script.Saw(await real.LookAsync(subject, cancellation));

    public Task<TWorld?> PerformAsync(TSubject subject, TWorld world, Act act, CancellationToken cancellation) =>
        script.PerformAsync(world, act, token => real.PerformAsync(subject, world, act, token), cancellation);

    public Task ReportAsync(TSubject subject, TWorld world, Plan<TWorld> plan, IReadOnlyList<ActFailure> failures, CancellationToken cancellation) =>
        real.ReportAsync(subject, script.Shown(world), plan, failures, cancellation);
}
