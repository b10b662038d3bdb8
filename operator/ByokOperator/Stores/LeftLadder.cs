using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// A store whose object is gone and whose place stands. Nothing of ours goes on using the key; the data is left alone
/// until the key is revoked, and then closed for good: opening it again, or deleting it, is the platform's.
/// Its record ends when nothing stands there.
/// </summary>
internal static class LeftLadder
{
    /// <summary>Its writers get the source back, as they do from a store that is deleted.
    /// Another store of its name may go on behind the fence.</summary>
    public static readonly Rung<StoreWorld> FenceLiftedRung = new("FenceLifted", FenceLifted);

    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        StoreLadder.ClocksKeptRung,
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        new("GrantsRevoked", ClosingLadder.GrantsRevoked), // before the record goes that says where they stand
        FenceLiftedRung, // as it is the record's to say where the source is
        new("PlaceStands", PlaceStands),
    ];

    /// <summary>What was begun of a return is taken back first: its object is gone, and nobody would end it.</summary>
    public static IReadOnlyList<Rung<StoreWorld>> For(StoreWorld world) => world.Return is { Known: not null }
        ? [.. Rungs.SkipLast(1), .. ReturnLadder.TakingBack, Rungs[^1]]
        : world.Next is { IsServed: false } ? [.. Rungs.SkipLast(1), .. NextLadder.TakingBack, Rungs[^1]]
        : Rungs;

    /// <summary>
    /// Nothing is left to guard: nothing stood there for long, or the platform says that it deleted it and no owner tag
    /// says otherwise. What then stands there, or can't be looked at any more, is somebody else's.
    /// </summary>
    public static bool IsOver(StoreWorld world) =>
        world.IsLongAbsent
            || (world.IsReleased && world.Target.ForDisplay() is not { Ownership: StoreOwnership.Ours }
                && world.Next?.Other.ForDisplay() is not { Ownership: StoreOwnership.Ours });

    // A source that can't be looked at any more holds nothing up where nothing is left to guard.
    private static Finding FenceLifted(StoreWorld world) => world.LeftFence.Blindness is not null && IsOver(world)
        ? Finding.Holds.Now
        : world.LeftFence.Judge(fence =>
            fence is { } token ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(token))
                : Finding.Holds.Now);

    private static Finding PlaceStands(StoreWorld world) =>
        IsOver(world) ? new Finding.Lacks("PlaceGone", new StoreAct.EndRecord(world.Uid)) : Finding.Holds.Now;
}
