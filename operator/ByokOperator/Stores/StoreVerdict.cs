using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>What the key's standing means for one store.</summary>
internal static class StoreVerdict
{
    public const string Open = "Open";

    /// <summary>From the decision on, until nobody gets in.</summary>
    public const string Closing = "Closing";

    /// <summary>Seen to be shut, with no way in of ours left.</summary>
    public const string Closed = "Closed";

    /// <summary>What the store should be.</summary>
    public static string WantedOf(StoreWorld world) => MustClose(world) is null ? Open : Closed;

    /// <summary>The same, or how far it is on its way there.</summary>
    public static string AvailabilityOf(StoreWorld world) =>
        MustClose(world) is null ? Open : ClosingLadder.IsClosed(world) ? Closed : Closing;

    /// <summary>
    /// Why the store has to be closed; null where it has not, or where we can't know yet.
    /// A key that is gone while its data stands was taken away by force, for our finalizer holds it as long as a store uses it.
    /// Nobody can be asked any more and nobody's patience is on record, so that closes at once; a key that is only applied
    /// later than its store finds nothing standing and closes nothing.
    /// A key that nobody in this process could judge, and a store that nobody can look at, may be anybody's: both are borne as long as
    /// not knowing about the key is, and no longer.
    /// </summary>
    public static KeyJudgement.Revoked? MustClose(StoreWorld world)
    {
        if (world.Key.Blindness is not null)
        {
            return UnjudgedTooLong(world) ?? UnseenTooLong(world);
        }

        if (RegionOf(world) is not { } region)
        {
            return AnythingStands(world) ? new("KeyMissing", Decided(world)) : null;
        }

        return IsOtherKey(world, region)
            ? new("KeyReplaced", Decided(world))
            : Effective(world, region).ForDisplay() as KeyJudgement.Revoked ?? UnjudgedTooLong(world) ?? UnseenTooLong(world);
    }

    public static RegionStanding? RegionOf(StoreWorld world) => world.Key.ForDisplay()?.Regions.GetValueOrDefault(world.Region);

    /// <summary>The judgement as of now; blind until the region was first judged.</summary>
    public static Fact<KeyJudgement> Effective(StoreWorld world, RegionStanding region)
    {
        return region.Judgement.Select(judgement => KeyJudgement.Effective(judgement, PatienceOf(world), world.Now));
    }

    /// <summary>The target was made under another key than the one that proves itself now (law 4).</summary>
    public static bool IsOtherKey(StoreWorld world, RegionStanding region) =>
        world.Adoption is null && world.Pin.ForDisplay() is { } pin && region.Pin is { } proved && !pin.IsSameKeyAs(proved);

    /// <summary>When time alone would change the answer, so that closing is not late by a steady recheck.</summary>
    public static TimeSpan? StaleIn(StoreWorld world)
    {
        var provedOrUnknown = RegionOf(world)?.Judgement.ForDisplay() switch
        {
            KeyJudgement.Usable usable => usable.ProvedAt,
            KeyJudgement.Unknown unknown => unknown.Since,
            _ => (DateTimeOffset?)null,
        };
        DateTimeOffset?[] ends = [provedOrUnknown + PatienceOf(world), world.UnseenSince + PatienceOf(world), world.UnjudgedUntil];
        return ends.Min() - world.Now is { } left ? TimeSpan.FromTicks(Math.Max(left.Ticks, 0)) + TimeSpan.FromSeconds(1) : null;
    }

    private static KeyJudgement.Revoked? UnjudgedTooLong(StoreWorld world) =>
        world.UnjudgedUntil is { } until && until < world.Now && AnythingStands(world) ? new("KeyUnjudgedTooLong", until) : null;

    private static KeyJudgement.Revoked? UnseenTooLong(StoreWorld world) =>
        world.UnseenSince + PatienceOf(world) is { } until && until < world.Now ? new("StoreUnseenTooLong", until) : null;

    private static TimeSpan PatienceOf(StoreWorld world) => world.Key.ForDisplay()?.MaxStaleness ?? world.MaxStaleness;

    /// <summary>No clock is on record for what closes at once.</summary>
    private static DateTimeOffset Decided(StoreWorld world) => world.ClosingSince ?? world.Now;

    private static bool AnythingStands(StoreWorld world) =>
        world.IsPlaced || world.Target.ForDisplay() is { Ownership: TargetOwnership.Ours or TargetOwnership.Earlier } || world.Binding.ForDisplay() is not null;
}
