namespace ByokOperator.Reconciling;

/// <summary>A requirement, its public condition type, and the pure judgement of it.</summary>
public sealed record Rung<TWorld>(string Condition, Func<TWorld, Finding> Look);
