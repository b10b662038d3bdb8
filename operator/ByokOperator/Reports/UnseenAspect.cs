namespace ByokOperator.Reports;

/// <summary>Something that could not be looked at, and why.</summary>
internal sealed record UnseenAspect(string Field, string Reason);
