using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// A change of key by a move to the store's next bucket, top to bottom: reading these lists is reading the runbook. Up
/// to the switch the old bucket is the truth, and goes on as if nothing had been asked; from there on the next one is,
/// and what led there is finished.
/// </summary>
internal static class NextLadder
{
    private const string NotLooked = "NotLooked";

    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    /// <summary>Every open store's.</summary>
    private static readonly IReadOnlyList<Rung<StoreWorld>> Open =
        [.. StoreLadder.WithoutMigration.TakeWhile(rung => rung.Condition != "WorkloadsResumed")];

    public static readonly Rung<StoreWorld> OtherDeletedRung = new("OtherBucketDeleted", OtherDeleted);

    /// <summary>Data moves.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Moving =
    [
        .. Open,
        new("Bound", world => world.Next!.IsServed ? Finding.Holds.Now : StoreLadder.BoundRung.Look(world)),
        new("NextBucketPrepared", NextPrepared),
        .. OfMove(MigrationLadder.Rungs.TakeWhile(rung => rung.Condition != "ServedFromTarget")),
        new("WorkloadsResumed", WorkloadsResumed),
        .. OfMove(MigrationLadder.Rungs.SkipWhile(rung => rung.Condition != "ServedFromTarget")),
        new("WorkloadsRunning", StoreLadder.WorkloadsRunning),
        // the fence goes with the bucket: whoever has an old binding is refused, not lost
        .. OfMove(MigrationLadder.Retirement.Where(rung => rung.Condition != "FenceLifted")),
        new("OldKeyReleased", OldKeyReleased),
        StoreLadder.ReportedRung,
        KeyChangeLadder.KeyFollowedRung,
        StoreLadder.CompliantRung,
    ];

    /// <summary>What was begun is taken back: the spec went back to the old key, or the store goes. What was copied
    /// goes with its bucket.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> TakingBack =
    [
        new("MoveStopped", MoveStopped),
        new("FenceLifted", FenceLifted),
        OtherDeletedRung,
        new("MoveGivenUp", MoveGivenUp),
    ];

    private static readonly IReadOnlyList<Rung<StoreWorld>> GoingOn =
    [
        .. Open, new("WorkloadsResumed", StoreLadder.WorkloadsRunning), StoreLadder.BoundRung, .. TakingBack,
        StoreLadder.CompliantRung,
    ];

    /// <summary>Which list a store stands on whose data moves to another bucket of it.</summary>
    public static IReadOnlyList<Rung<StoreWorld>> For(StoreWorld world) => IsTakenBack(world) ? GoingOn : Moving;

    /// <summary>The spec names the old key again, or none.</summary>
    public static bool IsTakenBack(StoreWorld world) => world is { Next.IsServed: false, WantedKey: null };

    /// <summary>Of a closed store that would not have to be, but for the key that it was on its way to: what was begun
    /// is taken back, so that a key which is lost for good keeps nobody shut for good.</summary>
    public static Step? TakeBack(StoreWorld world) =>
        IsTakenBack(world) ? Ladder.Next(TakingBack, world) is Step.Take take ? take : null : null;

    /// <summary>Whether the other bucket of an open store is open too.</summary>
    public static Finding OtherAllowed(StoreWorld world) => world.Next is not { } next ? Finding.Holds.Now
        : next.Other.Judge(other => other is { Ownership: StoreOwnership.Ours, IsDenied: true }
            ? new Finding.Lacks("OtherBucketDenied", new NextAct.AllowOther(next.Known.Number))
            : Finding.Holds.Now);

    private static IEnumerable<Rung<StoreWorld>> OfMove(IEnumerable<Rung<MigrationWorld>> rungs) =>
        rungs.Select(rung =>
            new Rung<StoreWorld>(rung.Condition,
                world => world.Next!.Move is { } move ? Onward(rung.Look(move)) : new Finding.Unseen(NotLooked)));

    /// <summary>The acts of this move say so: they are performed on another route.</summary>
    private static Finding Onward(Finding finding) =>
        finding is Finding.Lacks { Remedy: MigrationAct act } lacks
            ? lacks with { Remedy = act with { IsNext = true } } : finding;

    private static Finding NextPrepared(StoreWorld world) => world.Next! switch
    {
        { IsServed: true } => Finding.Holds.Now,
        var next => next.Other.Judge(other => other switch
        {
            { Ownership: StoreOwnership.Ours, Drift: [] } => next.IsPinned.Judge(pinned =>
                pinned ? Finding.Holds.Now : Unprepared(next, "its mark")),
            { Ownership: StoreOwnership.Ours or StoreOwnership.Absent } =>
                Unprepared(next, string.Join(", ", other.Drift)),
            _ => new Finding.Stuck("NameTaken",
                $"the bucket {next.Name}, which the data was to move to, belongs to somebody else by now and is left "
                    + $"alone: set spec.keyRef.name back to {world.KeyName}, under which the store goes on"),
        }),
    };

    private static Finding.Lacks Unprepared(NextWorld next, string lacking) =>
        new("NextBucketNotPrepared", new NextAct.Prepare(next.Known.Number), lacking);

    private static Finding WorkloadsResumed(StoreWorld world) =>
        world.Next!.Move is { } move && MigrationLadder.IsQuiescing(move) ? Finding.Holds.Now
            : StoreLadder.WorkloadsRunning(world);

    // What is left in the old bucket are marks: it goes with them, then the grants, then the record's word of the key.
    private static Finding OldKeyReleased(StoreWorld world) => world.Next! switch
    {
        { Known: { RetiredAt: not null, Receipt: { } receipt } } next => next.Other.Judge(other =>
            other.Ownership is StoreOwnership.Ours or StoreOwnership.Absent
                ? new Finding.Lacks("OldBucketStands", new NextAct.Finish(receipt))
                : new Finding.Stuck("NameTaken",
                    $"the bucket {next.Name}, which the data has left, bears another owner's tag and is left alone: "
                        + "put this store's back, or delete the bucket")),
        { IsServed: true, Move: { } move } when MigrationLadder.Retirement[0].Look(move) is Finding.Deferred kept =>
            kept,
        _ => new Finding.Pending("OldBucketInUse", Recheck,
            "the old bucket and its key are let go once the old copy is gone: see the condition SourceRetired"),
    };

    private static Finding MoveStopped(StoreWorld world) =>
        IsBegun(world) ? ClosingLadder.CopyJobsGone(world) : Finding.Holds.Now;

    // A closed bucket that nobody looked at holds everybody off by itself; who gives the move up lifts what stands.
    private static Finding FenceLifted(StoreWorld world) =>
        IsBegun(world) && world.Next!.Move is { } move
            ? move.Source.Judge(source => source.AnyFence is { } fence
                ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence) { IsNext = true })
                : Finding.Holds.Now)
            : Finding.Holds.Now;

    private static Finding OtherDeleted(StoreWorld world) => world.Next is not { } next ? Finding.Holds.Now
        : next.Other.Judge(other => other.Ownership switch
        {
            StoreOwnership.Absent => Finding.Holds.Now,
            StoreOwnership.Ours => Copied(world, next),
            _ when next.IsServed => Finding.Holds.Now,
            _ => new Finding.Stuck("NameTaken",
                $"the bucket {next.Name}, which the data was to move to, bears another owner's tag and is left alone: "
                    + "put this store's back, or delete the bucket"),
        });

    // What was copied may be all that is left: it goes while the bucket that it came from stands, or by confirmation.
    private static Finding Copied(StoreWorld world, NextWorld next)
    {
        var delete = new Finding.Lacks("OtherBucketStands", new NextAct.DeleteOther(next.Known.Number));
        return next.IsServed || IsToBeDeleted(world) ? delete : world.Target.Judge(own => own.Ownership switch
        {
            StoreOwnership.Ours => (Finding)delete,
            _ => new Finding.Stuck("TargetMissing",
                $"what the bucket {next.Name} holds was copied from the store's own, which can't be seen to be the "
                    + "store's any more: nothing of it is deleted; restore the store's bucket or its tag, or empty "
                    + $"and delete {next.Name} yourself"),
        });
    }

    private static bool IsToBeDeleted(StoreWorld world) =>
        world is { IsDeleting: true, IsDeletionConfirmed: true, DeletionPolicy: DeletionPolicies.Delete };

    private static Finding MoveGivenUp(StoreWorld world) => IsBegun(world)
        ? new Finding.Lacks("MoveOnRecord", new NextAct.GiveUp(world.Next!.Known.Number))
        : Finding.Holds.Now;

    private static bool IsBegun(StoreWorld world) => world.Next is { IsServed: false };
}
