using Kube.Core;

namespace ByokOperator.Reconciling;

/// <summary>What a reconciler can't do purely. One small class each, faked one by one in tests.</summary>
public interface IWorkplace<TSubject, TWorld>
    where TSubject : class
    where TWorld : class
{
    /// <summary>Null when the object is gone.</summary>
    Task<TSubject?> FindAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>
    /// How long there is no use in a look, because something else is about to wake the object; null to look now. It
    /// bounds that wait: what was to come may never come.
    /// </summary>
    TimeSpan? Postpones(TSubject subject);

    /// <summary>Looks at everything that others wait for; changes nothing and tells nobody. What can't be seen is a
    /// blind fact, not an exception.</summary>
    Task<TWorld> LookAsync(TSubject subject, CancellationToken cancellation);

    /// <summary>
    /// Tells the other controllers of this process what they go by, before anything is done about it. Asks nobody, and
    /// throws nothing. Telling the same again is harmless.
    /// </summary>
    void Publish(TSubject subject, TWorld world);

    /// <summary>Looks at the rest, for which nobody else waits; changes nothing and tells nobody.</summary>
    Task<TWorld> LookOnAsync(TSubject subject, TWorld world, CancellationToken cancellation);

    /// <summary>The world of a look that failed all the same: blind but for what the watches show. Asks nobody,
    /// and throws nothing.</summary>
    TWorld Unseen(TSubject subject, Exception failure);

    /// <summary>Checks the act's precondition live, and the leadership fence where it is destructive, then performs it.
    /// Idempotent.</summary>
    /// <returns>
    /// The same look with the act's effect in it, where the act made sure of that effect and nothing else hangs on it;
    /// null where only another look can tell.
    /// </returns>
    Task<TWorld?> PerformAsync(TSubject subject, TWorld world, Act act, CancellationToken cancellation);

    /// <summary>The one status write of a reconcile; none when nothing changed.</summary>
    Task ReportAsync(
        TSubject subject, TWorld world, Plan<TWorld> plan, IReadOnlyList<ActFailure> failures,
        CancellationToken cancellation);
}
