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
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        new("PlaceStands", PlaceStands),
        new("GrantsRevoked", ClosingLadder.GrantsRevoked),
    ];

    private static Finding PlaceStands(StoreWorld world) =>
        world.IsLongAbsent ? new Finding.Lacks("PlaceGone", new StoreAct.EndRecord(world.Uid)) : Finding.Holds.Now;
}
