using Kube.Core;

namespace ByokOperator.Reconciling;

/// <summary>At least one act of a reconcile failed; the report is written already. Thrown so that the queue comes back with back-off.</summary>
public sealed class ReconcileException(ObjectKey key, IReadOnlyList<ActFailure> failures)
    : Exception($"{key}: {string.Join("; ", failures.Select(failure => $"{failure.Rung}: {failure.Act.GetType().Name}: {failure.Cause.Message}"))}", failures[0].Cause)
{
    public IReadOnlyList<ActFailure> Failures { get; } = failures;
}
