using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>What the standing of its keys means for one store.</summary>
internal static class StoreVerdict
{
    public const string Open = "Open";

    /// <summary>Open, and the workloads stand still until a rotation of the key is confirmed.
    /// Data and binding are what they were.</summary>
    public const string Paused = "Paused";

    /// <summary>From the decision on, until nobody gets in.</summary>
    public const string Closing = "Closing";

    /// <summary>Seen to be shut, with no way in of ours left.</summary>
    public const string Closed = "Closed";

    public static readonly Fact<UnconfirmedVersion?> NoneWaits = Fact.Seen<UnconfirmedVersion?>(null);

    /// <summary>What the store should be.</summary>
    public static string WantedOf(StoreWorld world) => MustClose(world) is null ? Open : Closed;

    /// <summary>The same, or how far it is on its way there.</summary>
    public static string AvailabilityOf(StoreWorld world) =>
        MustClose(world) is not null ? ClosingLadder.IsClosed(world) ? Closed : Closing : IsPaused(world) ? Paused
            : Open;

    /// <summary>A rotation of the key that waits for its confirmation; null where none is known to.</summary>
    public static UnconfirmedVersion? UnconfirmedOf(StoreWorld world) => RegionOf(world)?.Unconfirmed.ForDisplay();

    /// <summary>Workloads that run are to stand still.</summary>
    public static bool MustPause(StoreWorld world) =>
        MustClose(world) is null && UnconfirmedOf(world) is { Pauses: true };

    /// <summary>Nothing starts them: a rotation waits, or nobody can tell whether one does.</summary>
    public static bool MayNotRun(StoreWorld world) =>
        MustPause(world) || RegionOf(world)?.Unconfirmed.Blindness is not null;

    /// <summary>Seen to stand still. Without workloads to suspend there is nothing
    /// that could be called paused.</summary>
    public static bool IsPaused(StoreWorld world) =>
        MustPause(world) && world.Workloads.ForDisplay() is { AreSelected: true, Running: 0 };

    /// <summary>
    /// Why the store has to be closed; null where it has not, or where we can't know yet. One key that objects stand
    /// under is enough. A key that is gone while its data stands was taken away by force, for our finalizer holds it as
    /// long as a store uses it. Nobody can be asked any more and nobody's maxStaleness is on record, so that closes at
    /// once; a key that is only applied later than its store finds nothing standing and closes nothing.
    /// A key that nobody in this process could judge, and a store that nobody can look at, may be anybody's: both are
    /// borne as long as not knowing about the key is, and no longer.
    /// </summary>
    public static KeyJudgement.Revoked? MustClose(StoreWorld world) =>
        world.Keys.Select(key => Named(world, key, MustClose(world, key))).OfType<KeyJudgement.Revoked>()
            .FirstOrDefault() ?? UnseenTooLong(world);

    /// <summary>Of the key that the store's default is on.</summary>
    public static RegionSnapshot? RegionOf(StoreWorld world) => world.Active.In(world.Region);

    /// <summary>Seen to be there for whoever uses it.</summary>
    public static bool Serves(StoreWorld world) =>
        world.Binding.ForDisplay() is not null && world.Target.ForDisplay() is { IsDenied: false };

    /// <summary>The judgement as of now of the key that the store's default is on.</summary>
    public static Fact<KeyJudgement> Effective(StoreWorld world, RegionSnapshot region) =>
        world.Active.Effective(region, world.Now);

    /// <summary>When time alone would change the answer, so that closing is not late by a steady recheck.</summary>
    public static TimeSpan? StaleIn(StoreWorld world)
    {
        var ends = world.Keys.SelectMany(key =>
            (DateTimeOffset?[])[ProvedOrUnknown(world, key) + key.AllowedStaleness, key.UnjudgedUntil])
                .Append(world.UnseenSince + ShortestStaleness(world));
        return ends.Min() - world.Now is { } left
            ? TimeSpan.FromTicks(Math.Max(left.Ticks, 0)) + TimeSpan.FromSeconds(1) : null;
    }

    private static KeyJudgement.Revoked? MustClose(StoreWorld world, PinnedKey key)
    {
        if (key.Standing.Blindness is not null)
        {
            return UnjudgedTooLong(world, key);
        }

        if (key.In(world.Region) is not { } region)
        {
            return AnythingStands(world) ? new("KeyMissing", Decided(world)) : null;
        }

        return key.IsOther(region)
            ? new("KeyReplaced", Decided(world))
            : key.Effective(region, world.Now).ForDisplay() as KeyJudgement.Revoked ?? UnjudgedTooLong(world, key);
    }

    /// <summary>Where there are several, people have to know which one.</summary>
    private static KeyJudgement.Revoked? Named(StoreWorld world, PinnedKey key, KeyJudgement.Revoked? revoked) =>
        revoked is null || world.AlsoPinned is [] ? revoked : revoked with { KeyName = key.Name };

    private static DateTimeOffset? ProvedOrUnknown(StoreWorld world, PinnedKey key) =>
        key.In(world.Region)?.Judgement.ForDisplay() switch
        {
            KeyJudgement.Usable usable => usable.ProvedAt,
            KeyJudgement.Unknown unknown => unknown.Since,
            _ => null,
        };

    private static KeyJudgement.Revoked? UnjudgedTooLong(StoreWorld world, PinnedKey key) =>
        key.UnjudgedUntil is { } until && until < world.Now && AnythingStands(world) ? new("KeyUnjudgedTooLong", until)
            : null;

    private static KeyJudgement.Revoked? UnseenTooLong(StoreWorld world) =>
        world.UnseenSince + ShortestStaleness(world) is { } until && until < world.Now
            ? new("StoreUnseenTooLong", until)
            : null;

    private static TimeSpan ShortestStaleness(StoreWorld world) => world.Keys.Min(key => key.AllowedStaleness);

    /// <summary>No clock is on record for what closes at once.</summary>
    private static DateTimeOffset Decided(StoreWorld world) => world.ClosingSince ?? world.Now;

    private static bool AnythingStands(StoreWorld world) =>
        world.IsPlaced || world.Target.ForDisplay() is { Ownership: StoreOwnership.Ours or StoreOwnership.Earlier }
            || world.Binding.ForDisplay() is not null;
}
