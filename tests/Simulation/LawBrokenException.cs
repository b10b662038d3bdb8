namespace Simulation;

/// <summary>An invariant did not hold: which law, and how.</summary>
public sealed class LawBrokenException(string law, string how) : Exception($"law {law}: {how}")
{
    public string Law { get; } = law;
}
