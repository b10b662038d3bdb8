using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// Letting go of a store. Neither policy retires the source: before the switch it is the truth, after the switch it is
/// the platform's own old copy; in both cases its writers get it back.
/// A store that is closed stays closed on its way out.
/// </summary>
internal static class DeletingLadder
{
    private static readonly IReadOnlyList<Rung<StoreWorld>> NotUsed =
    [
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        // it goes with the namespace, and our rights before it
        new("BindingRemoved",
            world => world.IsNamespaceGoing ? Finding.Holds.Now : ClosingLadder.BindingRemoved(world)),
        new("WorkloadsResumed", WorkloadsResumed),
        new("FenceLifted", FenceLifted),
        new("GrantsRevoked", ClosingLadder.GrantsRevoked),
    ];

    /// <summary>Bucket and data stay, and the key with them; nothing of ours goes on using the key.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Retain =
    [
        StoreLadder.ClocksKeptRung,
        .. NotUsed,
        new("RetentionRecorded", RetentionRecorded),
        new("Released", Released),
    ];

    /// <summary>Nothing was ever put anywhere: there is nothing to look at.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> NotBegun = [new("Released", Released)];

    /// <summary>
    /// The namespace goes, and everything in it is let go: nobody is left to confirm or to mend anything. What stands
    /// is recorded, and closed and cleared up from there.
    /// </summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> NamespaceGoing =
    [
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        new("FenceLifted", FenceLifted),
        new("RetentionRecorded", RetentionRecorded),
        new("Released", Released),
    ];

    /// <summary>Asks first, takes the data last. What a migration had not switched yet is still in the source, so
    /// nothing that is not confirmed is lost.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Delete =
    [
        StoreLadder.ClocksKeptRung,
        new("DeletionConfirmed", DeletionConfirmed),
        .. NotUsed,
        new("TargetEmptied", TargetEmptied),
        new("TargetDeleted", TargetDeleted),
        new("Released", Released),
    ];

    /// <summary>With both buckets, where there are two.</summary>
    public static IReadOnlyList<Rung<StoreWorld>> DeleteFor(StoreWorld world) => world.Next is null ? Delete
        : [.. Delete.SkipLast(3), NextLadder.OtherDeletedRung, .. Delete.TakeLast(3)];

    private static Finding DeletionConfirmed(StoreWorld world) => world.IsDeletionConfirmed || !world.IsClaimed
        ? Finding.Holds.Now
        : new Finding.Stuck("DeletionNotConfirmed",
            "deletionPolicy Delete deletes the tenant's data: annotate the store with byok.dev/confirm-delete and its "
                + "own name, or set deletionPolicy to Retain");

    // A store that has its data waits for the key's answer here too; one that never began has nothing to open.
    private static Finding WorkloadsResumed(StoreWorld world) =>
        StoreVerdict.MustClose(world) is not null || world.IsNamespaceGoing
            ? Finding.Holds.Now
            : world.Workloads.Judge(workloads => world.Pin.Judge(pin =>
                workloads.SuspendedByUs == 0 ? Finding.Holds.Now
                : pin is not null && StoreLadder.KeyUsableRung.Look(world) is var usable and not Finding.Holds ? usable
                : new Finding.Lacks("WorkloadsSuspended", new StoreAct.ResumeWorkloads(world.Uid))));

    private static Finding FenceLifted(StoreWorld world) => world.Migration is null
        ? Finding.Holds.Now
        : world.Migration.Source.Judge(source => source.AnyFence is { } fence
            ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence))
            : Finding.Holds.Now);

    // What was put somewhere is recorded as left there before its object goes, unless a look finds nothing there. A
    // record that can't be written holds a namespace up no longer than anything else.
    private static Finding RetentionRecorded(StoreWorld world) => world switch
    {
        { IsNamespaceGoing: true, RecordFault: not null } => Finding.Holds.Now,
        { IsNamespaceGoing: true, IsPlaced: true } => Recorded(world),
        _ =>
            world.Target.Judge(target =>
                target.Ownership == StoreOwnership.Ours ? Recorded(world) : Finding.Holds.Now),
    };

    private static Finding Recorded(StoreWorld world) => world.IsRetentionRecorded.Judge(recorded => recorded
        ? Finding.Holds.Now
        : new Finding.Lacks("RetentionNotRecorded", new StoreAct.RecordRetention(world.Uid)));

    private static Finding TargetEmptied(StoreWorld world) => world.Target.Judge(target =>
        target is { Ownership: StoreOwnership.Ours, IsEmpty: false }
            ? new Finding.Lacks("TargetHoldsData", new StoreAct.EmptyTarget(world.Uid))
            : Finding.Holds.Now);

    private static Finding TargetDeleted(StoreWorld world) => world.Target.Judge(target =>
        target.Ownership == StoreOwnership.Ours
            ? new Finding.Lacks("TargetStands", new StoreAct.DeleteTarget(world.Uid))
            : Finding.Holds.Now);

    private static Finding Released(StoreWorld world) =>
        world.IsClaimed ? new Finding.Lacks("StillClaimed", new StoreAct.Release(world.Uid)) : Finding.Holds.Now;
}
