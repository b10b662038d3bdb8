namespace ByokOperator.Api;

/// <summary>What a person has to change: the field as kubectl spells it, and what to write instead.</summary>
internal sealed record Violation(string Field, string Message)
{
    public override string ToString() => $"{Field}: {Message}";
}
