using ByokOperator.Api;
using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>
/// A key as its own reconciles leave it for the stores: held in memory, never in status. A process that just started
/// has none, which is blindness and not absence.
/// </summary>
internal sealed record KeySnapshot(
    string Uid,
    string State,
    bool IsDeleting,
    TimeSpan MaxStaleness,
    IReadOnlyDictionary<string, RegionSnapshot> Regions)
{
    /// <summary>What a look could not see, an earlier standing of the same object still says;
    /// judgements carry their own age.</summary>
    public static KeySnapshot Of(KeyWorld world, KeySnapshot? previous)
    {
        var earlier = previous?.Uid == world.Uid ? previous.Regions : new Dictionary<string, RegionSnapshot>();
        var regions = world.Regions.ToDictionary(region => region.Region,
            region => Of(world, region, earlier.GetValueOrDefault(region.Region)));
        return new(world.Uid, world.State, world.IsDeleting, world.MaxStaleness, regions);
    }

    private static RegionSnapshot Of(KeyWorld world, KeyRegion region, RegionSnapshot? earlier)
    {
        // Which key it is may be what nobody can read at this moment: then it is the one that it was.
        var id = region.KeyId.Blindness is null ? region.KeyId.ForDisplay() ?? "" : earlier?.KeyId ?? "";
        var same = earlier?.KeyId == id ? earlier : null;
        var judgement = KeyJudgement.Of(world, region);
        return new(
            id,
            judgement.Blindness is { } why ? Unjudged(world, region, same, why)
                : judgement.Select(now => Dated(now, same?.Judgement.ForDisplay())),
            region.Canary.Blindness is null ? region.Canary.ForDisplay()?.Pin : same?.Pin)
        {
            Unconfirmed = VersionWatch.Of(world, region) is var waiting && waiting.Blindness is not null
                && same is not null ? same.Unconfirmed : waiting,
            Materials = MaterialReport.Of(world, region.Region, shown: null) ?? same?.Materials,
        };
    }

    /// <summary>A judgement that was there grows old; where there was none, not to know begins on record,
    /// or now.</summary>
    private static Fact<KeyJudgement> Unjudged(KeyWorld world, KeyRegion region, RegionSnapshot? same, string why) =>
        same is { Judgement.Blindness: null } ? same.Judgement
        : region.IsAwaited ? Fact.Blind<KeyJudgement>(why)
        : Fact.Seen<KeyJudgement>(
            new KeyJudgement.Unknown(why, KeyJudgement.Begun(region.UnknownSince.ForDisplay(), world.Now))
            {
                IsAssumed = region.UnknownSince.Blindness is not null,
            });

    // A clock that could not be stopped after the last proof is too old, one that somebody removed is too young; while
    // the process lives, its own memory is exact.
    private static KeyJudgement Dated(KeyJudgement now, KeyJudgement? earlier) => (now, earlier) switch
    {
        (KeyJudgement.Unknown unknown, KeyJudgement.Usable usable)
            when usable.ProvedAt > unknown.Since => unknown with { Since = usable.ProvedAt },
        (KeyJudgement.Unknown unknown, KeyJudgement.Unknown { IsAssumed: true } before)
            when unknown.Since < before.Since => unknown, // now it was read
        (KeyJudgement.Unknown unknown, KeyJudgement.Unknown before) =>
            unknown with { Since = before.Since, IsAssumed = before.IsAssumed },
        (KeyJudgement.Revoked revoked, KeyJudgement.Revoked before) when before.Reason == revoked.Reason
            && before.Since < revoked.Since => before,
        // it was asked then
        (KeyJudgement.Unknown unknown, KeyJudgement.Revoked revoked)
            when revoked.Since > unknown.Since => unknown with { Since = revoked.Since },
        _ => now,
    };
}

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
