namespace ByokOperator.Importing.Serving;

/// <summary>RFC 9457.</summary>
/// <param name="Instance">The call's id, as in the audit line.</param>
internal sealed record ProblemAnswer(string Type, string Title, int Status, string Detail, string Instance, string? Code);
