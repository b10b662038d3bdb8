using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// From a store that somebody applied to one that workloads use under the tenant's key. Climbing it after a closing is
/// the reopening: nothing of it acts before the same key proved itself, and the binding comes last.
/// </summary>
internal static class StoreLadder
{
    public static readonly Rung<StoreWorld> KeyUsableRung = new("KeyUsable", PinnedKeyLadder.Usable);

    /// <summary>Of a closed store too: that it is shut is what somebody will want to see in writing.</summary>
    public static readonly Rung<StoreWorld> CompliantRung = new("Compliant", Compliant);

    /// <summary>Before anything that can get stuck: closing on time after a restart depends on it.</summary>
    public static readonly Rung<StoreWorld> ClocksKeptRung = new("ClocksKept", ClocksKept);

    public static readonly Rung<StoreWorld> SpecValidRung = new("SpecValid", SpecValid);

    public static readonly Rung<StoreWorld> RightsGivenRung = new("RightsGiven", RightsGiven);

    public static readonly Rung<StoreWorld> GrantedRung = new("Granted", Granted);

    /// <summary>The last, and only while a rotation waits for its confirmation, or nobody can tell:
    /// it holds nothing else up.</summary>
    public static readonly Rung<StoreWorld> VersionConfirmedRung = new(VersionWatch.Condition, VersionConfirmed);

    public static readonly Rung<StoreWorld> AdoptedRung = new("Adopted", Adopted);

    public static readonly Rung<StoreWorld> BoundRung = new("Bound", Bound);

    /// <summary>While something is under way: what the report finds holds it up no more than anything else.</summary>
    public static readonly Rung<StoreWorld> ReportedRung = new("Reported", Reported);

    public static readonly IReadOnlyList<Rung<StoreWorld>> WithoutMigration =
    [
        GrantedRung,
        new("Claimed", Claimed),
        ClocksKeptRung,
        RightsGivenRung,
        SpecValidRung,
        AdoptedRung,
        KeyUsableRung,
        new("TargetPrepared", TargetPrepared),
        new("GrantsRestored", GrantsRestored),
        new("TargetAllowed", TargetAllowed),
        new("WorkloadsResumed", WorkloadsResumed),
        BoundRung,
        CompliantRung,
    ];

    public static readonly IReadOnlyList<Rung<StoreWorld>> WithMigration =
    [
        .. WithoutMigration.TakeWhile(rung => rung.Condition != "WorkloadsResumed"),
        .. Migrating(MigrationLadder.Rungs.TakeWhile(rung => rung.Condition != "ServedFromTarget")),
        new("WorkloadsResumed", WorkloadsResumed),
        .. Migrating(MigrationLadder.Rungs.SkipWhile(rung => rung.Condition != "ServedFromTarget")),
        new("WorkloadsRunning", WorkloadsRunning),
        .. Migrating(MigrationLadder.Retirement),
        CompliantRung,
    ];

    /// <summary>What a store climbs that is on its way to another key: all that it needs anyway comes first.</summary>
    public static IReadOnlyList<Rung<StoreWorld>> ChangingKey(IReadOnlyList<Rung<StoreWorld>> rungs) =>
        [.. rungs.Where(rung => rung != CompliantRung), ReportedRung, .. KeyChangeLadder.Rungs, CompliantRung];

    private static IEnumerable<Rung<StoreWorld>> Migrating(IEnumerable<Rung<MigrationWorld>> rungs) =>
        rungs.Select(rung => new Rung<StoreWorld>(rung.Condition, world => rung.Look(world.Migration!)));

    private static Finding Granted(StoreWorld world) => world.Refusal.Judge(refused => refused is null
        ? Finding.Holds.Now
        : new Finding.Stuck(refused.Reason, refused.Message));

    private static Finding Claimed(StoreWorld world) =>
        world.IsClaimed ? Finding.Holds.Now : new Finding.Lacks("NotClaimed", new StoreAct.Claim(world.Uid));

    // A record that can't be trusted keeps no clock: this process's memory does.
    private static Finding ClocksKept(StoreWorld world) => world.RecordFault is not null || !world.IsPlaced
        ? Finding.Holds.Now
        : (world.UnseenSince, world.UnseenOnRecord) switch
        {
            ({ } since, null) => new Finding.Lacks("ClockNotStarted", new StoreAct.StartUnseenClock(since)),
            (var since, { } recorded) when since != recorded =>
                new Finding.Lacks("ClockStillRuns", new StoreAct.StopUnseenClock(recorded)),
            _ => ClosureKept(world),
        };

    /// <summary>On what closed and opened the store the notices go, and its status; not the other way round.</summary>
    public static Finding ClosureKept(StoreWorld world) => (world.Closure, StoreVerdict.MustClose(world)) switch
    {
        _ when world.RecordFault is not null || !world.IsPlaced => Finding.Holds.Now,
        (null or { ReopenedAt: not null }, not null)
            when ClosingLadder.IsClosed(world) =>
                new Finding.Lacks("ClosingNotNoted", new StoreAct.NoteClosed(world.Now)),
        ({ ReopenedAt: null } closure, null)
            when StoreVerdict.Serves(world) =>
                new Finding.Lacks("ReopeningNotNoted", new StoreAct.NoteReopened(closure.ClosedAt, world.Now)),
        _ => Finding.Holds.Now,
    };

    // Before anything is made: a move that could not switch the binding would hold writers up behind its fence.
    private static Finding RightsGiven(StoreWorld world) =>
        Enrolment.Judge(world.IsHeldOff, world.MendOfRights, world.Binding.Blindness, world.Report.Blindness,
            world.Workloads.Blindness);

    private static Finding SpecValid(StoreWorld world) => world.Next is { IsUnclear: true } next
        ? new Finding.Stuck("BucketsUnclear",
            $"two buckets of this store stand, {next.Name} is the one that readers were not switched to last, and no "
                + "record says how far the move between them was: restore the operator's records from a backup, or see "
                + "what is in that bucket and delete it")
        : world.Violations is [] ? Finding.Holds.Now
        : new Finding.Stuck("SpecInvalid", string.Join("; ", world.Violations));

    // The key is used for the proof: whether it may be used for anything else is the next rung's.
    private static Finding Adopted(StoreWorld world) => world.Adoption switch
    {
        null => Finding.Holds.Now,
        { Fault: { } fault } => new Finding.Stuck(fault.Reason, fault.Message),
        { IsConsented: false } needed => new Finding.Stuck(Takeover.Needed, needed.Message),
        { } taken
            when IsProved(world) => new Finding.Lacks("NotTakenBack", new StoreAct.Adopt(world.Uid, taken.Origin)),
        _ =>
            new Finding.Pending("KeyNotProved", PinnedKeyLadder.Recheck,
                "it is taken back once its key proves itself: see the condition KeyUsable"),
    };

    private static bool IsProved(StoreWorld world) =>
        StoreVerdict.RegionOf(world) is { Pin: not null } region
            && StoreVerdict.Effective(world, region).ForDisplay() is KeyJudgement.Usable;

    // On a record that was not written here nothing is opened: it may name another place.
    private static Finding TargetPrepared(StoreWorld world) =>
        world.RecordFault is { } fault ? new Finding.Stuck(fault.Reason, fault.Message)
            : world.Target.Judge(target => world.Pin.Judge(pin => target switch
            {
                { Ownership: StoreOwnership.Stranger or StoreOwnership.Unmarked or StoreOwnership.Forbidden } =>
                    new Finding.Stuck("NameTaken",
                        "something of that name belongs to somebody else and is left alone: choose another name for "
                            + "the store in its spec, or leave it out"),
                // made anew it would pass for the store, and a move would take its emptiness for the truth
                { Ownership: StoreOwnership.Absent }
                    when pin is not null || world.IsPinRecorded =>
                        new Finding.Stuck("TargetMissing", MissingMessage(world)),
                { Ownership: StoreOwnership.Absent } or { Drift: [_, ..] } =>
                    new Finding.Lacks("TargetNotPrepared", new StoreAct.PrepareTarget(world.Uid),
                        string.Join(", ", target.Drift)),
                _ when pin is not null => Finding.Holds.Now,
                { IsDenied: true, IsEmpty: false } =>
                    new Finding.Stuck("PinMissing",
                        "the store was closed and nothing says any more under which key it was made: restore the pin "
                            + "beside the data"),
                _ => new Finding.Lacks("KeyNotPinned", new StoreAct.PinKey(world.Uid, ProvedPin(world))),
            }));

    private static string MissingMessage(StoreWorld world) =>
        "what the store stood in was deleted outside the operator: restore it, or delete this EncryptedStore"
            + (world.Next is { IsServed: false } next
                ? $"; what was copied to {next.Name} may be all that is left of the data, and is left alone" : "");

    public static Finding GrantsRestored(StoreWorld world) => !world.NeedsGrant
        ? Finding.Holds.Now
        : world.IsGrantRight.Judge(right =>
            right ? Finding.Holds.Now : new Finding.Lacks("GrantMissing", new StoreAct.RestoreGrant(ProvedPin(world))));

    private static Finding TargetAllowed(StoreWorld world) => world.Target.Judge(target =>
        target.IsDenied ? new Finding.Lacks("TargetDenied", new StoreAct.AllowTarget(world.Uid, ProvedPin(world)))
            : NextLadder.OtherAllowed(world));

    // A migration that holds workloads still for the switch resumes them after it.
    private static Finding WorkloadsResumed(StoreWorld world) =>
        world.Migration is { } migration && MigrationLadder.IsQuiescing(migration) ? Finding.Holds.Now
            : WorkloadsRunning(world);

    // Standing still is what is asked for then, and holds nothing else up: the last rung says what is waited for.
    public static Finding WorkloadsRunning(StoreWorld world) => world.Workloads.Judge(workloads =>
        StoreVerdict.MustPause(world) && workloads.Running > 0
            ? new Finding.Lacks("WorkloadsRunning", new StoreAct.SuspendWorkloads(world.Uid))
        : StoreVerdict.MayNotRun(world) ? Finding.Holds.Now
        : workloads.Fault is { } fault ? new Finding.Stuck(fault.Reason, fault.Message)
        : workloads.SuspendedByUs > 0 ? new Finding.Lacks("WorkloadsSuspended", new StoreAct.ResumeWorkloads(world.Uid))
        : Finding.Holds.Now);

    private static Finding VersionConfirmed(StoreWorld world) => StoreVerdict.RegionOf(world) is not { } region
        ? Finding.Holds.Now
        : region.Unconfirmed.Judge(waiting => waiting is null ? Finding.Holds.Now
            : waiting.Pauses
                ? new Finding.Stuck(VersionWatch.NotConfirmed,
                    $"the key was rotated to {waiting.Version}, which nobody confirmed: {Standing(world)} until "
                        + "spec.rotation.confirmedVersion of its TenantEncryptionKey says so")
            : new Finding.Holds(VersionWatch.Followed,
                $"the key was rotated to {waiting.Version}, which nobody confirmed: the store goes on, as "
                    + "whileUnconfirmed of its TenantEncryptionKey says"));

    private static string Standing(StoreWorld world) => world.Workloads.ForDisplay() is { AreSelected: false }
        ? "spec.workloads names no workloads, so none are suspended"
        : "its workloads stand still";

    private static Finding Bound(StoreWorld world) => world.Binding.Judge(binding =>
        binding?.Content == world.WantedBinding ? Finding.Holds.Now
            : new Finding.Lacks("NotBound", new StoreAct.Bind(world.WantedBinding, ProvedPin(world))));

    // While a key is on its way the report is written in time,
    // and what it finds holds the change up no more than anything else.
    private static Finding Reported(StoreWorld world) =>
        Compliant(world) is Finding.Stuck ? Finding.Holds.Now : Compliant(world);

    private static Finding Compliant(StoreWorld world) => world.Report.Judge(report =>
        report is null || report.Availability != StoreVerdict.AvailabilityOf(world)
            || !report.IsInTime(world.ReportInterval, world.Now)
            || (world.ReportRequested is { } request && request != report.Answers)
            ? new Finding.Lacks("ReportDue",
                new StoreAct.WriteReport(world.ReportRequested, StoreVerdict.AvailabilityOf(world)))
        : report.Deviations is [_, ..]
            ? new Finding.Stuck("Deviations",
                $"the report finds {string.Join(", ", report.Deviations.Take(10))}: see its mends in the report's "
                    + "ConfigMap")
        : Finding.Holds.Now);

    /// <summary>The key that proved itself in this look. The rung below made sure that there is one;
    /// reporting asks without it.</summary>
    private static KeyPin ProvedPin(StoreWorld world) => StoreVerdict.RegionOf(world)?.Pin ?? new KeyPin("", null, "");
}
