using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation.Real.Bugs;

/// <summary>A store on its way to another key, as bugs see it.</summary>
internal static class Changed
{
    public static StoreWorld Saw(Bug bug, StoreWorld seen) => bug switch
    {
        Bug.OverlapIsCutShort
            when seen.Change is { } change => seen with { Change = change with { Overlap = TimeSpan.Zero } },
        Bug.OldKeyRevokedStaysOpen => seen with { AlsoPinned = [] },
        Bug.ReopensOnOneOfTwoKeys or Bug.RedirectsOnAnOldProof =>
            seen with { AlsoPinned = [.. seen.AlsoPinned.Select(key => key with { Standing = Usable(key, seen) })] },
        Bug.UnusableCandidateCloses when seen.Change?.Candidate is { } candidate
            && seen.AlsoPinned.All(key => key.Name != candidate.Name) =>
                seen with { AlsoPinned = [.. seen.AlsoPinned, candidate] },
        _ => seen,
    };

    /// <summary>Whatever was said of it, it works.</summary>
    private static Fact<KeySnapshot?> Usable(PinnedKey key, StoreWorld seen) =>
        key.Standing.Select(standing => standing is null ? null : standing with
        {
            Regions = standing.Regions.ToDictionary(region => region.Key,
                region => region.Value with { Judgement = Fact.Seen<KeyJudgement>(new KeyJudgement.Usable(seen.Now)) }),
        });
}
