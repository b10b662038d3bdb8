using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Simulation.Real.Clouds;

namespace Simulation.Real.Operators;

/// <summary>What kept one reconcile from seeing and from doing.</summary>
internal sealed class Turn
{
    /// <summary>Calls there failed, or may have.</summary>
    public HashSet<Domain> Struck { get; } = [];

    /// <summary>Kinds whose watch was behind when it began.</summary>
    public HashSet<string> Behind { get; } = [];

    /// <summary>Acts that were decided and did not happen.</summary>
    public HashSet<string> Lost { get; } = [];

    /// <summary>What it decided last; null where it decided nothing.</summary>
    public Plan<StoreWorld>? Chose { get; set; }

    /// <summary>The process ended in the middle.</summary>
    public bool IsBroken { get; set; }

    public bool IsClean => !IsBroken && Struck.Count == 0 && Behind.Count == 0 && Lost.Count == 0;

    public void Add(Turn other)
    {
        Struck.UnionWith(other.Struck);
        Behind.UnionWith(other.Behind);
        Lost.UnionWith(other.Lost);
        IsBroken |= other.IsBroken;
        Chose ??= other.Chose;
    }

    public bool Missed(string act, params ReadOnlySpan<Domain> domains)
    {
        foreach (var domain in domains)
        {
            if (Struck.Contains(domain))
            {
                return true;
            }
        }

        return IsBroken || Lost.Contains(act);
    }
}
