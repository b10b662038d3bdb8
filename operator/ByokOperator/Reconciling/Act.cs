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

/// <summary>An act that was tried and failed: reported first, thrown after.</summary>
public sealed record ActFailure(string Rung, Act Act, Exception Cause);

/// <summary>What a failed act is called in a condition: the same from try to try.</summary>
/// <param name="Reason">CamelCase.</param>
/// <param name="NeedsPerson">It will not pass by itself.</param>
public sealed record FailureText(string Reason, string Message, bool NeedsPerson = false);

/// <summary>An act's precondition no longer held when it was to be performed: nothing was changed;
/// the next look decides anew.</summary>
internal sealed class RefusedActException(string reason, string message) : Exception(message)
{
    /// <summary>CamelCase, for a condition.</summary>
    public string Reason { get; } = reason;

    /// <summary>It will not pass by itself: the message says who has to do what.</summary>
    public bool NeedsPerson { get; init; }
}
