using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>
/// A store whose object is gone and whose place stands. Nothing of ours goes on using the key; the data is left alone until the key is
/// revoked, and then closed for good: opening it again, or deleting it, is the platform's. Its record ends when nothing stands there.
/// </summary>
internal static class LeftLadder
{
    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        StoreLadder.ClocksKeptRung,
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        new("GrantsRevoked", ClosingLadder.GrantsRevoked), // before the record goes that says where they stand
        new("PlaceStands", PlaceStands),
    ];

    /// <summary>
    /// Nothing is left to guard: nothing stood there for long, or the platform says that it deleted it and no owner tag says otherwise.
    /// What then stands there, or can't be looked at any more, is somebody else's.
    /// </summary>
    public static bool IsOver(StoreWorld world) => world.IsLongAbsent || (world.IsReleased && world.Target.ForDisplay() is not { Ownership: TargetOwnership.Ours });

    private static Finding PlaceStands(StoreWorld world) =>
        IsOver(world) ? new Finding.Lacks("PlaceGone", new StoreAct.EndRecord(world.Uid)) : Finding.Holds.Now;
}
