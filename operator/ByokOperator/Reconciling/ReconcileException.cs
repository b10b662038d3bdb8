using Kube.Core;
using Kube.Runtime.Controllers;

namespace ByokOperator.Reconciling;

/// <summary>
/// At least one act of a reconcile failed, and the report is written already; or the reconcile failed as a whole.
/// Thrown so that the queue comes back with back-off, and no later than what waits for it can bear.
/// </summary>
public sealed class ReconcileException : Exception, IRequeueWithin
{
    /// <param name="key">Whose.</param>
    /// <param name="failures">At least one.</param>
    /// <param name="lookAgainWithin">What the plan asked for: an act that goes on failing must not keep a key from
    /// being asked, or a store from being closed.</param>
    public ReconcileException(ObjectKey key, IReadOnlyList<ActFailure> failures, TimeSpan? lookAgainWithin)
        : base(
            $"{key}: {string.Join("; ", failures.Select(failure => $"{failure.Rung}: {failure.Act.GetType().Name}: {failure.Cause.Message}"))}", failures[0].Cause)
    {
        (Failures, LookAgainWithin) = (failures, lookAgainWithin);
    }

    /// <param name="key">Whose.</param>
    /// <param name="failure">What ended the reconcile before it was done.</param>
    /// <param name="lookAgainWithin">What the plan asked for, if it came to one.</param>
    public ReconcileException(ObjectKey key, Exception failure, TimeSpan? lookAgainWithin)
        : base($"{key}: {failure.Message}", failure)
    {
        LookAgainWithin = lookAgainWithin;
    }

    public TimeSpan? LookAgainWithin { get; }

    /// <summary>Empty where the reconcile failed as a whole.</summary>
    public IReadOnlyList<ActFailure> Failures { get; } = [];
}

/// <summary>A reconcile was cancelled, mostly because it took too long. What hangs must not keep a store from being
/// closed for longer and longer.</summary>
/// <param name="late">What it was cancelled with.</param>
/// <param name="lookAgainWithin">What the plan asked for, if it came to one.</param>
public sealed class LateReconcileException(OperationCanceledException late, TimeSpan? lookAgainWithin)
    : OperationCanceledException(late.Message, late, late.CancellationToken), IRequeueWithin
{
    public TimeSpan? LookAgainWithin { get; } = lookAgainWithin;
}
