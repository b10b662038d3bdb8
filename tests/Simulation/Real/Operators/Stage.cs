using ByokOperator.Reconciling;
using Kube.Core;

namespace Simulation.Real.Operators;

/// <summary>Stands before a real workplace: sees what it saw, may change it,
/// and decides what becomes of each act on its way.</summary>
internal sealed class Stage<TSubject, TWorld>(
    IWorkplace<TSubject, TWorld> real, Script<TWorld> script) : IWorkplace<TSubject, TWorld>
    where TSubject : class
    where TWorld : class
{
    public Task<TSubject?> FindAsync(ObjectKey key, CancellationToken cancellation) =>
        real.FindAsync(key, cancellation);

    public TimeSpan? Postpones(TSubject subject) => real.Postpones(subject);

    public TWorld Unseen(TSubject subject, Exception failure)
    {
        var unseen = real.Unseen(subject, failure);
        real.Publish(subject, unseen);
        return script.Saw(unseen);
    }

    /// <summary>Others are told what was seen; what the script makes of it is for this ladder alone.</summary>
    public async Task<TWorld> LookAsync(TSubject subject, CancellationToken cancellation)
    {
        var seen = await real.LookAsync(subject, cancellation);
        real.Publish(subject, seen);
        var whole = await real.LookOnAsync(subject, seen, cancellation);
        real.Publish(subject, whole);
        return script.Saw(whole);
    }

    public void Publish(TSubject subject, TWorld world)
    {
    }

    public Task<TWorld> LookOnAsync(TSubject subject, TWorld world, CancellationToken cancellation) =>
        Task.FromResult(world);

    public Task<TWorld?> PerformAsync(TSubject subject, TWorld world, Act act, CancellationToken cancellation) =>
        script.PerformAsync(world, act, token => real.PerformAsync(subject, world, act, token), cancellation);

    public Task ReportAsync(
        TSubject subject, TWorld world, Plan<TWorld> plan, IReadOnlyList<ActFailure> failures,
        CancellationToken cancellation) =>
        real.ReportAsync(subject, script.Shown(world), plan, failures, cancellation);
}
