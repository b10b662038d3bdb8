using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// The way back to the shared place, top to bottom: reading these lists is reading the runbook. Up to the switch the
/// store is the truth, and goes on as if nothing had been asked; from there on the shared place is,
/// and what led there is finished.
/// </summary>
internal static class ReturnLadder
{
    /// <summary>Every open store's.</summary>
    private static readonly IReadOnlyList<Rung<StoreWorld>> Open =
        [.. StoreLadder.WithoutMigration.TakeWhile(rung => rung.Condition != "WorkloadsResumed")];

    private static readonly Rung<StoreWorld> Confirmed = new("ReturnConfirmed", ReturnConfirmed);

    /// <summary>Until the first word of it is on record.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Beginning =
    [
        .. Open,
        new("WorkloadsResumed", StoreLadder.WorkloadsRunning),
        StoreLadder.BoundRung,
        StoreLadder.ReportedRung,
        Confirmed,
        new("SharedPlaceReady", SharedPlaceReady),
        new("SharedPlaceHeld", SharedPlaceHeld),
        new("ReturnBegun", ReturnBegun),
    ];

    /// <summary>Data goes back.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Returning =
    [
        .. Open,
        Confirmed,
        new("SharedPlaceHeld", SharedPlaceHeld),
        new("Bound", world => world.Return!.IsServed ? Finding.Holds.Now : StoreLadder.BoundRung.Look(world)),
        new("Reported", world => world.Return!.IsServed ? Finding.Holds.Now : StoreLadder.ReportedRung.Look(world)),
        .. Moving(MigrationLadder.Rungs.TakeWhile(rung => rung.Condition != "ServedFromTarget")),
        new("WorkloadsResumed", WorkloadsResumed),
        .. Moving(MigrationLadder.Rungs.SkipWhile(rung => rung.Condition != "ServedFromTarget")),
        new("SharedPlaceReleased", SharedPlaceReleased),
        new("WorkloadsRunning", WorkloadsRunning),
        // that goes with the bucket: whoever has an old binding is refused, not lost
        .. Moving(MigrationLadder.Retirement.TakeWhile(rung => rung.Condition != "FenceLifted")),
    ];

    /// <summary>Nothing is left in the store but marks: no key is asked any more.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Ending =
    [
        new("CopyJobsGone", ClosingLadder.CopyJobsGone),
        new("GrantsRevoked", ClosingLadder.GrantsRevoked), // before the record goes that says where they stand
        new("StoreDeleted", StoreDeleted),
    ];

    /// <summary>What was begun is taken back: the spec names a key again, the consent is gone, or the store goes. What
    /// was copied goes before writers may write there.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> TakingBack =
    [
        new("ReturnStopped", CopiesGone),
        new("StoreFenceLifted", FenceLifted),
        new("SharedPlaceCleared", SharedPlaceCleared),
        new("SharedPlaceReleased", SharedPlaceReleased),
        new("ReturnGivenUp", ReturnGivenUp),
    ];

    public static readonly IReadOnlyList<Rung<StoreWorld>> GoingOn =
        [.. Open, new("WorkloadsResumed", StoreLadder.WorkloadsRunning), StoreLadder.BoundRung, .. TakingBack];

    /// <summary>Of a store that is deleted, and nobody consented, or not any more: what was begun is taken back,
    /// and it is told.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Unconfirmed =
        [StoreLadder.ClocksKeptRung, .. TakingBack, Confirmed];

    /// <summary>Of a store that is deleted, and is closed:
    /// what is in it can't be read before its key is usable again.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> Shut =
        [StoreLadder.ClocksKeptRung, new("ReturnConfirmed", NothingToReturn), StoreLadder.KeyUsableRung,
            .. ClosingLadder.Rungs];

    private static string NotHeld(ReturnWorld back) =>
        "what refused writes to the shared place was taken away, so nobody knows what was written there since: "
            + (back.IsByDeletion ? "take the annotation byok.dev/confirm-return off, empty the prefix, and consent anew"
                : $"{back.WayOut}, empty the prefix, and begin anew");

    private const string NotLooked = "NotLooked";

    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    /// <summary>Which list a store stands on that somebody wants back, or that is on its way;
    /// null where another ladder has the word first.</summary>
    public static IReadOnlyList<Rung<StoreWorld>>? For(StoreWorld world) => world.Return switch
    {
        null => null,
        { IsPlanned: true } => MayBegin(world) ? Planning : null,
        { IsServed: true } => Returning,
        { Known: not null, IsWanted: false } => GoingOn,
        { IsBegun: true } => Returning,
        _ when MayBegin(world) => Beginning,
        _ => null,
    };

    /// <summary>What another ladder has to bring to its end first; it is told meanwhile.</summary>
    public static readonly Rung<StoreWorld> Waiting = new("ReturnConfirmed", _ => new Finding.Pending(
        "ReturnWaits", Recheck,
        "the data goes back once what is under way is done: the move into the store, or a change of its key"));

    /// <summary>What it would take is counted and told. Everything of the store goes on, nothing is begun.</summary>
    public static readonly Rung<StoreWorld> Planned = new("ReturnConfirmed", ReturnPlanned);

    public static readonly IReadOnlyList<Rung<StoreWorld>> PlanningDeletion = [StoreLadder.ClocksKeptRung, Planned];

    private static readonly IReadOnlyList<Rung<StoreWorld>> Planning =
    [
        .. Open, new("WorkloadsResumed", StoreLadder.WorkloadsRunning), StoreLadder.BoundRung, Planned,
        StoreLadder.CompliantRung,
    ];

    /// <summary>The move into the store is done to its last rung, which nobody looks at where a change of key has moved
    /// it on, and no other key is on its way.</summary>
    private static bool MayBegin(StoreWorld world) =>
        !KeyChangeLadder.IsNeeded(world) && world.Next is null
            && (world.Migration is not { } move
                || (move.Retired.ForDisplay() is not null && move.Source.ForDisplay() is { AnyFence: null }
                    && move.Copies.ForDisplay() is { } copies && !copies.Any(copy => copy.HasJob)));

    private static IEnumerable<Rung<StoreWorld>> Moving(IEnumerable<Rung<MigrationWorld>> rungs) =>
        rungs.Select(rung =>
            new Rung<StoreWorld>(rung.Condition,
                world => world.Return!.Move is { } move ? Back(rung.Look(move)) : new Finding.Unseen(NotLooked)));

    /// <summary>The acts of the way back say so: they are performed on another route.</summary>
    private static Finding Back(Finding finding) =>
        finding is Finding.Lacks { Remedy: MigrationAct act } lacks
            ? lacks with { Remedy = act with { IsReturn = true } } : finding;

    private static Finding ReturnConfirmed(StoreWorld world) => world.Return! switch
    {
        { IsServed: true } or { IsWanted: true } => Finding.Holds.Now,
        var back => new Finding.Stuck(
            "ReturnNotConfirmed",
            (back.IsByDeletion ? "the store is deleted, and deletionPolicy is ReturnToShared"
                : "spec.keyRef was taken away")
            + ": to have the data moved back to the shared place, where it stands under "
            + $"{back.Place.ForDisplay()?.Words ?? "what its default says"} and no tenant's key closes it,"
            + $" annotate the store with byok.dev/confirm-return: {back.Consent}; or {back.WayOut}"),
    };

    private static Finding ReturnPlanned(StoreWorld world)
    {
        var back = world.Return!;
        return (back.Plan ?? Fact.Blind<PlanFacts>(NotLooked)).Judge(plan => plan.CountedAt is null
            ? new Finding.Deferred(StatusReport.ReturnNotCounted, PlanLadder.NextSlice,
                "the store is being listed: status.plan says how far that is")
            : new Finding.Deferred(
                StatusReport.ReturnPlanned, Recheck,
                "nothing is moved back: status.plan says what it would take; to begin it set spec.migration.mode to "
                    + $"Run{(back.IsConfirmed ? "" : $" and annotate the store with byok.dev/confirm-return: "
                        + back.Consent)}; or {back.WayOut}"));
    }

    private static Finding.Stuck NothingToReturn(StoreWorld world) => new(
        "NothingToReturn",
        "a key of the store is revoked or lost, so there is nothing to return until the same key is usable again: see "
            + $"the condition KeyUsable; to let this object go without the data, {world.Return!.WayOut}");

    private static Finding SharedPlaceReady(StoreWorld world) => world.Return!.Place.Judge(place =>
        place.Unready(world.Return.WayOut) is { } unready ? new Finding.Stuck(unready.Reason, unready.Message)
            : Finding.Holds.Now);

    private static Finding SharedPlaceHeld(StoreWorld world) => world.Return! switch
    {
        { IsServed: true } => Finding.Holds.Now,
        { Known: null } back => new Finding.Lacks("ReturnNotRecorded", new ReturnAct.Intend(back.Consent)),
        var back => back.Place.Judge(place => (back.Known!.Hold, place.Hold) switch
        {
            (null, null) => new Finding.Lacks("SharedPlaceOpen", new ReturnAct.HoldPlace(back.Consent)),
            (null, _) => Finding.Holds.Now,
            ({ } hold, var standing) when hold == standing => Finding.Holds.Now,
            _ when world.CopyJobs.ForDisplay() > 0 =>
                // or they write over it
                new Finding.Lacks("SharedPlaceNotHeld", new StoreAct.StopCopies(world.Uid), NotHeld(back)),
            _ => new Finding.Stuck("SharedPlaceNotHeld", NotHeld(back)),
        }),
    };

    private static Finding ReturnBegun(StoreWorld world) =>
        world.Return!.Place.Judge(place =>
            world.Return.Known?.Hold is not null || place is not { Hold: { } hold, Default: { } by }
                ? Finding.Holds.Now
                : new Finding.Lacks("ReturnNotBegun", new ReturnAct.Begin(world.Return.Consent, hold, by)));

    private static Finding WorkloadsResumed(StoreWorld world) =>
        world.Return!.Move is { } move && MigrationLadder.IsQuiescing(move) ? Finding.Holds.Now
            : StoreLadder.WorkloadsRunning(world);

    // With the record goes how many of them there were: none is left standing still.
    private static Finding WorkloadsRunning(StoreWorld world) =>
        StoreLadder.WorkloadsRunning(world) is not Finding.Holds and var finding ? finding
            : world.Workloads.Judge(workloads => workloads.SuspendedByUs == 0 ? Finding.Holds.Now
                : new Finding.Pending("WorkloadsSuspended", Recheck,
                    "workloads stand still until the key's rotation is confirmed: nothing of the store is deleted "
                        + "before they run"));

    private static Finding SharedPlaceReleased(StoreWorld world) =>
        world.Return is not { } back ? Finding.Holds.Now : back.Place.Judge(place => place.Hold is { } token
            ? new Finding.Lacks("HoldStands", new ReturnAct.ReleasePlace(token))
            : Finding.Holds.Now);

    private static Finding StoreDeleted(StoreWorld world) =>
        world.Target.Judge(target => target.Ownership is StoreOwnership.Ours or StoreOwnership.Absent
            ? new Finding.Lacks("StoreStands", new ReturnAct.DeleteStore(world.Return!.Known!.Receipt!))
            : new Finding.Stuck("NameTaken",
                "what stands where the store stood bears another owner's tag, and is left alone: see to it, and "
                    + "delete this EncryptedStore"));

    private static Finding CopiesGone(StoreWorld world) =>
        IsTakenBack(world) ? ClosingLadder.CopyJobsGone(world) : Finding.Holds.Now;

    // A closed store that shuts the operator's own requests out as well holds everybody off by itself.
    private static Finding FenceLifted(StoreWorld world) =>
        IsTakenBack(world) && world.Return!.Move is { } move && !IsShutToUs(world, move)
            ? move.Source.Judge(source =>
                source.AnyFence is { } fence
                    ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence) { IsReturn = true })
                    : Finding.Holds.Now)
            : Finding.Holds.Now;

    private static Finding SharedPlaceCleared(StoreWorld world) =>
        !IsTakenBack(world) ? Finding.Holds.Now : world.Return!.Place.Judge(place =>
            place.IsEmpty || !world.Return.IsBegun ? Finding.Holds.Now
            : place.Hold == world.Return.Known!.Hold
                ? new Finding.Lacks("CopiesStand", new ReturnAct.ClearPlace(place.Hold!))
            : new Finding.Stuck("SharedPlaceNotHeld",
                "what refused writes to the shared place was taken away, so what stands there now is not deleted: see "
                    + "what of it is anybody's, and empty the prefix"));

    private static Finding ReturnGivenUp(StoreWorld world) => IsTakenBack(world)
        ? new Finding.Lacks("ReturnOnRecord", new ReturnAct.GiveUp(world.Return!.Known!.Consent))
        : Finding.Holds.Now;

    private static bool IsShutToUs(StoreWorld world, MigrationWorld move) =>
        move.Source.Blindness is not null && world.Target.ForDisplay() is { IsDenied: true };

    private static bool IsTakenBack(StoreWorld world) => world.Return is { Known: not null, IsServed: false };
}
