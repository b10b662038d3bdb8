namespace ByokOperator.Reconciling;

/// <summary>An act's precondition no longer held when it was to be performed: nothing was changed;
/// the next look decides anew.</summary>
internal sealed class RefusedActException(string reason, string message) : Exception(message)
{
    /// <summary>CamelCase, for a condition.</summary>
    public string Reason { get; } = reason;

    /// <summary>It will not pass by itself: the message says who has to do what.</summary>
    public bool NeedsPerson { get; init; }
}
