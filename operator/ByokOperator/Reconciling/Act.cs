namespace ByokOperator.Reconciling;

/// <summary>
/// A single idempotent effect that carries the precondition it was decided on. A deposed leader's late act is
/// harmless because the executor checks that precondition live.
/// </summary>
public abstract record Act
{
    /// <summary>True where the act deletes, fences, denies or switches:
    /// the executor asks the leadership fence first.</summary>
    public virtual bool IsDestructive => false;
}
