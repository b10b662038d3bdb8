namespace Byok.Copying;

/// <summary>What one act of retiring came to, and how many versions it deleted.</summary>
public abstract record RetirementStep
{
    private RetirementStep()
    {
    }

    /// <summary>Nothing is left under the prefix.</summary>
    public sealed record Finished(long Count) : RetirementStep;

    /// <summary>More is left; act again.</summary>
    public sealed record Partly(long Count) : RetirementStep;

    /// <summary>These stand in the source and the manifest does not know them.
    /// Nothing of their batch was deleted.</summary>
    public sealed record Unverified(IReadOnlyList<string> Keys, long Count) : RetirementStep;

    /// <summary>The permission to act ended in between (leadership, or the store's state);
    /// what was deleted was verified.</summary>
    public sealed record Halted(long Count) : RetirementStep;
}
