using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>What a store may know of its region's key.</summary>
/// <param name="Judgement">Blind until the key was first judged.</param>
/// <param name="Pin">Null until the canary is stored: before that there is nothing to recognise the key by.</param>
internal sealed record RegionStanding(string KeyId, Fact<KeyJudgement> Judgement, KeyPin? Pin);
