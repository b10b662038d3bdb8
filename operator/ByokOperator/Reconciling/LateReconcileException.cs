using Kube.Runtime.Controllers;

namespace ByokOperator.Reconciling;

/// <summary>A reconcile was cancelled, mostly because it took too long. What hangs must not keep a store from being
/// closed for longer and longer.</summary>
/// <param name="late">What it was cancelled with.</param>
/// <param name="lookAgainWithin">What the plan asked for, if it came to one.</param>
public sealed class LateReconcileException(OperationCanceledException late, TimeSpan? lookAgainWithin)
    : OperationCanceledException(late.Message, late, late.CancellationToken), IRequeueWithin
{
    public TimeSpan? LookAgainWithin { get; } = lookAgainWithin;
}
