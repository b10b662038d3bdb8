using Kube.Core;
using Kube.Runtime.Controlling;

namespace ByokOperator.Reconciling;

/// <summary>At least one act of a reconcile failed; the report is written already. Thrown so that the queue comes back with back-off.</summary>
/// <param name="key">Whose.</param>
/// <param name="failures">At least one.</param>
/// <param name="lookAgainWithin">What the plan asked for: an act that goes on failing must not keep a key from being asked, or a store from being closed.</param>
public sealed class ReconcileException(ObjectKey key, IReadOnlyList<ActFailure> failures, TimeSpan? lookAgainWithin)
    : Exception($"{key}: {string.Join("; ", failures.Select(failure => $"{failure.Rung}: {failure.Act.GetType().Name}: {failure.Cause.Message}"))}", failures[0].Cause), IUrgentFailure
{
    public TimeSpan? LookAgainWithin { get; } = lookAgainWithin;

    public IReadOnlyList<ActFailure> Failures { get; } = failures;
}
