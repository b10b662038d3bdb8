using ByokOperator.Api;
using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>What a store may know of its region's key.</summary>
/// <param name="KeyId">Empty where none was ever made, or nobody in this process
/// could tell yet which one it is.</param>
/// <param name="Judgement">Blind until the key was first judged.</param>
/// <param name="Pin">Null until the canary is stored: before that there is nothing to recognise the key by.</param>
internal sealed record RegionSnapshot(string KeyId, Fact<KeyJudgement> Judgement, KeyPin? Pin)
{
    /// <summary>A rotation that waits for its confirmation; seen as null where none does,
    /// blind until somebody could tell.</summary>
    public Fact<UnconfirmedVersion?> Unconfirmed { get; init; } = Fact.Seen<UnconfirmedVersion?>(null);

    /// <summary>Of an imported key, for reports; null where nobody could tell yet.</summary>
    public IReadOnlyList<MaterialStatus>? Materials { get; init; }
}
