using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;

namespace ByokOperator.Stores;

/// <summary>One of the keys that objects of a store stand under: what is known of it,
/// and which key it has to be.</summary>
/// <param name="Name">Of its object, in the store's namespace.</param>
/// <param name="Pin">Null where none is pinned yet, or nobody can tell which.</param>
/// <param name="Standing">Blind until this process judged it; seen as null where there is no such key.</param>
internal sealed record PinnedKey(string Name, KeyPin? Pin, Fact<KeySnapshot?> Standing)
{
    /// <summary>As far as its spec can be read; a judged key says it itself.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Until when it is borne that nobody in this process could judge it; null where somebody did.</summary>
    public DateTimeOffset? UnjudgedUntil { get; init; }

    /// <summary>One of <see cref="PinStages"/>, where the default is not on it.</summary>
    public string Stage { get; init; } = PinStages.Refused;

    /// <summary>When it got there, where that counts.</summary>
    public DateTimeOffset? Since { get; init; }

    public TimeSpan AllowedStaleness => Standing.ForDisplay()?.MaxStaleness ?? MaxStaleness;

    public RegionSnapshot? In(string region) => Standing.ForDisplay()?.Regions.GetValueOrDefault(region);

    /// <summary>What proves itself now is another key than the one that objects stand under (law 4).</summary>
    public bool IsOther(RegionSnapshot region) =>
        Pin is { } pin && region.Pin is { } proved && !pin.IsSameKeyAs(proved);

    /// <summary>The judgement as of now; blind until the region was first judged.</summary>
    public Fact<KeyJudgement> Effective(RegionSnapshot region, DateTimeOffset now) =>
        region.Judgement.Select(judgement => KeyJudgement.Effective(judgement, AllowedStaleness, now));
}
