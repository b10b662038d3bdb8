using Kube.Core;

namespace ByokOperator.Reconciling;

/// <summary>What a reconciler can't do purely. One small class each, faked one by one in tests.</summary>
public interface IWorkplace<TSubject, TWorld>
    where TSubject : class
    where TWorld : class
{
    /// <summary>Null when the object is gone, or when there is no use in a look before what will wake it.</summary>
    Task<TSubject?> FindAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>Looks at everything, changes nothing. What can't be seen is a blind fact, not an exception.</summary>
    Task<TWorld> LookAsync(TSubject subject, CancellationToken cancellation);

    /// <summary>Checks the act's precondition live, and the leadership fence where it is destructive, then performs it. Idempotent.</summary>
    /// <returns>
    /// The same look with the act's effect in it, where the act made sure of that effect and nothing else hangs on it; null
    /// where only another look can tell.
    /// </returns>
    Task<TWorld?> PerformAsync(TSubject subject, TWorld world, Act act, CancellationToken cancellation);

    /// <summary>The one status write of a reconcile; none when nothing changed.</summary>
    Task ReportAsync(TSubject subject, TWorld world, Plan<TWorld> plan, IReadOnlyList<ActFailure> failures, CancellationToken cancellation);
}
