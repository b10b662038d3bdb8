namespace ByokOperator.Reconciling;

/// <summary>What a failed act is called in a condition: the same from try to try.</summary>
/// <param name="Reason">CamelCase.</param>
/// <param name="NeedsPerson">It will not pass by itself.</param>
public sealed record FailureText(string Reason, string Message, bool NeedsPerson = false);
