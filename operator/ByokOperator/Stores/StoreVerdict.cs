using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>What the key's standing means for one store.</summary>
internal static class StoreVerdict
{
    public const string Open = "Open";
    public const string Closed = "Closed";

    /// <summary>What the store should be, in one word.</summary>
    public static string AvailabilityOf(StoreWorld world) => MustClose(world) is null ? Open : Closed;

    /// <summary>
    /// Why the store has to be closed; null where it has not, or where we can't know yet.
    /// A key that is gone while its data stands was taken away by force, for our finalizer holds it as long as a store uses it.
    /// Nobody can be asked any more and nobody's patience is on record, so that closes at once; a key that is only applied
    /// later than its store finds nothing standing and closes nothing.
    /// A store that nobody can look at may be under any key and open to anybody: that is borne as long as not knowing about the key
    /// is, and no longer.
    /// </summary>
    public static KeyJudgement.Revoked? MustClose(StoreWorld world)
    {
        if (world.Key.Blindness is not null)
        {
            return null;
        }

        if (RegionOf(world) is not { } region)
        {
            return AnythingStands(world) ? new("KeyMissing", world.Now) : null;
        }

        return IsOtherKey(world, region)
            ? new("KeyReplaced", world.Now)
            : Effective(world, region).ForDisplay() as KeyJudgement.Revoked ?? UnseenTooLong(world);
    }

    public static RegionStanding? RegionOf(StoreWorld world) => world.Key.ForDisplay()?.Regions.GetValueOrDefault(world.Region);

    /// <summary>The judgement as of now; blind until the region was first judged.</summary>
    public static Fact<KeyJudgement> Effective(StoreWorld world, RegionStanding region)
    {
        var maxStaleness = world.Key.ForDisplay()!.MaxStaleness;
        return region.Judgement.Select(judgement => KeyJudgement.Effective(judgement, maxStaleness, world.Now));
    }

    /// <summary>The target was made under another key than the one that proves itself now (law 4).</summary>
    public static bool IsOtherKey(StoreWorld world, RegionStanding region) =>
        world.Pin.ForDisplay() is { } pin && region.Pin is { } proved && !pin.IsSameKeyAs(proved);

    /// <summary>When time alone would change the answer, so that closing is not late by a steady recheck.</summary>
    public static TimeSpan? StaleIn(StoreWorld world)
    {
        if (RegionOf(world) is not { } region)
        {
            return null;
        }

        var from = region.Judgement.ForDisplay() switch
        {
            KeyJudgement.Usable usable => usable.ProvedAt,
            KeyJudgement.Unknown unknown => unknown.Since,
            _ => (DateTimeOffset?)null,
        };
        var left = Earlier(from, world.UnseenSince) + world.Key.ForDisplay()!.MaxStaleness - world.Now;
        return left is { } wait ? TimeSpan.FromTicks(Math.Max(wait.Ticks, 0)) + TimeSpan.FromSeconds(1) : null;
    }

    private static KeyJudgement.Revoked? UnseenTooLong(StoreWorld world) =>
        world.UnseenSince + world.Key.ForDisplay()!.MaxStaleness is { } until && until < world.Now ? new("StoreUnseenTooLong", until) : null;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private static bool AnythingStands(StoreWorld world) =>
        world.Target.ForDisplay() is { Ownership: TargetOwnership.Ours } || world.Binding.ForDisplay() is not null;
}
