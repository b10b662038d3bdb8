namespace ByokOperator.Keys;

/// <summary>One proof of one region's key, as the prober tells it.</summary>
/// <param name="Reason">CamelCase and stable, such as <c>KeyDisabled</c>.</param>
/// <param name="OfferedCanary">What <c>SaveCanary</c> is to store, in the form it is stored in; null when a stored one was proved.</param>
/// <param name="MissingActions">Permissions that the proof showed to be missing.</param>
/// <param name="At">When the key was asked, not when we looked.</param>
internal sealed record KeyAnswer(
    Verdict Verdict,
    string Reason,
    string Message,
    string? OfferedCanary,
    IReadOnlyList<string> MissingActions,
    DateTimeOffset At);
