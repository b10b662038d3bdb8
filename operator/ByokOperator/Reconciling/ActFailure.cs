namespace ByokOperator.Reconciling;

/// <summary>An act that was tried and failed: reported first, thrown after.</summary>
public sealed record ActFailure(string Rung, Act Act, Exception Cause);
