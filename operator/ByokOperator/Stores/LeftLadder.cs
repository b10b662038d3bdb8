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

    private static Finding PlaceStands(StoreWorld world) =>
        world.IsLongAbsent ? new Finding.Lacks("PlaceGone", new StoreAct.EndRecord(world.Uid)) : Finding.Holds.Now;
}
