using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>Which ladder a store stands on in this look: nothing remembers it, the world says it anew.</summary>
internal static class StorePlan
{
    public const string Closing = "Closing";
    public const string Deleting = "Deleting";
    public const string Wanted = "Wanted";
    public const string RecordedOnly = "RecordedOnly";
    public const string Planned = "Planned";
    public const string Pointer = "Pointer";
    public const string Left = "Left";

    /// <summary>A store that ought to be closed and is not: tried again this soon,
    /// however long it has been failing.</summary>
    private static readonly TimeSpan ClosingRecheck = TimeSpan.FromSeconds(15);

    /// <summary>A closing that takes longer is held up: people are told, and the report says so.</summary>
    private static readonly TimeSpan HeldUpAfter = TimeSpan.FromMinutes(1);

    /// <summary>No watch tells of workloads that somebody starts meanwhile.</summary>
    private static readonly TimeSpan PauseRecheck = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PausedRecheck = TimeSpan.FromMinutes(10);

    /// <summary>Closing comes before everything: before deleting, before a pause,
    /// before a spec that is wrong.</summary>
    public static Plan<StoreWorld> Choose(StoreWorld world)
    {
        if (world.IsRecordedOnly && LeftLadder.IsOver(world))
        {
            return Plan.Climb(RecordedOnly, LeftLadder.Rungs, world);
        }

        if (world.Return is { IsRetired: true })
        {
            return Held(world, Plan.Climb(Left, ReturnLadder.Ending, world)); // no key guards anything there any more
        }

        var open = StoreVerdict.MustClose(world) is null;
        if (PlanLadder.IsFor(world) && (open || !PlanLadder.IsAnythingLeft(world)))
        {
            return Plan.Climb(Planned, PlanLadder.Rungs, world);
        }

        if (PointerLadder.IsFor(world) && !PlanLadder.IsAnythingLeft(world))
        {
            return Plan.Climb(Pointer, PointerLadder.Rungs, world);
        }

        IReadOnlyList<Step> due = open ? [] : Ladder.Due(ClosingLadder.For(world), world);
        if (due.Count > 0 && world is { IsDeleting: true, IsNamespaceGoing: true })
        {
            // Whatever of it can't be done now is done from the record: nothing of it holds the namespace up.
            return new(Closing, [StoreLadder.KeyUsableRung, .. ClosingLadder.For(world)],
                [.. due, Ladder.Next(DeletingFor(world), world)], ClosingRecheck);
        }

        // deleting it is what people do about a halt: one that is told all the same while that is paused
        if (!open && (!world.IsDeleting || due.Any(step => world.IsPaused || step is not Step.Halt)))
        {
            return new(Closing, [.. ToldFirst(world), .. ClosingLadder.For(world), StoreLadder.CompliantRung],
                Close(world, due), due.Count > 0 ? ClosingRecheck : Sooner(ReportDueIn(world), FenceEndsIn(world)));
        }

        var goingBack = GoingBackFor(world);
        var climbs = goingBack is not null || world is { IsRecordedOnly: false, IsDeleting: false };
        var (name, rungs) = world.IsRecordedOnly ? (RecordedOnly, LeftLadder.For(world))
            : goingBack is not null ? (Deleting, goingBack)
            : world.IsDeleting
                ? (Deleting, world.IsHeldOff || IsAnothers(world) ? DeletingLadder.NotBegun : DeletingFor(world))
                : (Wanted, WantedFor(world));
        var plan = climbs && world is { IsRefused: true, IsHeldOff: false }
            ? new(name, rungs, [GoOn(rungs, world)], StoreVerdict.StaleIn(world))
            : Plan.Climb(name, rungs, world, StoreVerdict.StaleIn(world));
        if (climbs && plan.Steps is [Step.Wait or Step.Halt] && EndOfFence(rungs, world) is { } end)
        {
            plan = plan with { Steps = [end] };
        }

        if (StoreVerdict.MustPause(world) && !(plan.LookAgainWithin < PauseRecheck))
        {
            plan = plan with { LookAgainWithin = PauseRecheck };
        }

        return Held(world, plan);
    }

    /// <summary>While the annotation says so nothing is touched but what closes, and clocks are kept.</summary>
    private static Plan<StoreWorld> Held(StoreWorld world, Plan<StoreWorld> plan) =>
        world.IsPaused && plan.Steps is not [Step.Take { Act: StoreAct.StartUnseenClock or StoreAct.StopUnseenClock }]
            ? plan with { Steps = [new Step.Wait("Paused", "Paused", PausedRecheck)] }
            : plan;

    /// <summary>
    /// Whether an act begins something that the platform has to have given: it makes or opens a place, reads or fences
    /// a source, gives a right. What mends, reports, closes, or gives a source back to its writers begins nothing.
    /// </summary>
    public static bool Begins(StoreWorld world, Act act) => act switch
    {
        StoreAct.PrepareTarget => !(world.IsPlaced && world.Target.ForDisplay() is { Ownership: StoreOwnership.Ours }),
        StoreAct.Adopt or StoreAct.PinKey or StoreAct.RestoreGrant or StoreAct.AllowTarget or StoreAct.Bind
            or StoreAct.Point => true,
        KeyChangeAct change => change.Begins,
        ReturnAct back => back.Begins,
        NextAct next => next.Begins,
        MigrationAct.StopCopy or MigrationAct.GiveUpFence or MigrationAct.ReleaseWorkloads or MigrationAct.LiftFence
            or MigrationAct.ClearCopies => false,
        MigrationAct => true,
        _ => false,
    };

    /// <summary>
    /// What was begun before the platform took it back goes on: the report, the mending, and the end of a fence, which
    /// is given up when its time is over, whatever holds the rest. Nothing new is begun.
    /// </summary>
    private static Step GoOn(IReadOnlyList<Rung<StoreWorld>> rungs, StoreWorld world)
    {
        var others = rungs.Where(rung => rung != StoreLadder.GrantedRung).ToList();
        var fencing = others.Where(rung =>
            rung.Condition == "WritesFenced" || (rung.Condition == "WorkloadsQuiesced" && !IsShut(world)));
        Step[] steps =
            [Ladder.Next(others, world), .. fencing.Select(rung => Ladder.Next([rung], world)), .. Reporting(world)];
        return steps.OfType<Step.Take>().FirstOrDefault(step => !Begins(world, step.Act)) is { } goes ? goes
            : Ladder.Next([StoreLadder.GrantedRung], world);
    }

    /// <summary>A fence has its end whatever else holds the store up;
    /// what was held still for it runs on only under a key that proves itself.</summary>
    private static Step.Take? EndOfFence(IReadOnlyList<Rung<StoreWorld>> rungs, StoreWorld world) =>
        rungs.Where(rung =>
            rung.Condition == "WritesFenced"
                || (rung.Condition == "WorkloadsQuiesced" && !IsShut(world)
                    && StoreLadder.KeyUsableRung.Look(world) is Finding.Holds))
            .Select(rung => Ladder.Next([rung], world))
            .OfType<Step.Take>()
            .FirstOrDefault(step => step.Act is MigrationAct.GiveUpFence or MigrationAct.ReleaseWorkloads);

    /// <summary>Of a store that workloads use.</summary>
    private static Step[] Reporting(StoreWorld world) =>
        world.Binding.ForDisplay() is null ? [] : [Ladder.Next([StoreLadder.CompliantRung], world)];

    /// <summary>What a closing held still stays so until the store is opened again.</summary>
    private static bool IsShut(StoreWorld world) => world.Target.ForDisplay() is not { IsDenied: false };

    /// <summary>
    /// Closed already: what is left is why, and that is the key's to change. A store that is shut reports it beside
    /// whatever can't be seen or done yet, and one that can't be shut reports that.
    /// </summary>
    private static IReadOnlyList<Step> Close(StoreWorld world, IReadOnlyList<Step> due)
    {
        var mayReport = (ClosingLadder.IsClosed(world) || IsHeldUp(world))
            && world is { IsDeleting: false, IsPaused: false, IsRecordedOnly: false };
        IReadOnlyList<Step> report = mayReport && Ladder.Next([StoreLadder.CompliantRung], world) is Step.Take take
            ? [take] : [];
        IReadOnlyList<Step> note = StoreLadder.ClosureKept(world) is Finding.Lacks kept
            ? [new Step.Take(StoreLadder.ClocksKeptRung.Condition, kept.Reason, kept.Remedy)] : [];
        return due.Count + report.Count + note.Count > 0 ? [.. due, .. report, .. note]
            : Ladder.Next([LeftLadder.FenceLiftedRung], world) is Step.Take lift ? [lift]
            : KeyChangeLadder.GivenUp(world) is { } without ? [without]
            : world is { Migration: not null, IsPaused: false }
                && EndOfFence(StoreLadder.WithMigration, world) is { } end ? [end]
            : [Ladder.Next([StoreLadder.KeyUsableRung], world)];
    }

    /// <summary>What stands was not taken back: whoever lets go of the store has nothing to let go of there.</summary>
    private static bool IsAnothers(StoreWorld world) =>
        world.Adoption is not null && world.Target.ForDisplay() is not { Ownership: StoreOwnership.Ours };

    /// <summary>Why it is closed; before that what the platform has to say, which need not wait for the key.</summary>
    private static IReadOnlyList<Rung<StoreWorld>> ToldFirst(StoreWorld world) =>
        world.Adoption is { IsConsented: false } or { Fault: not null }
            ? [StoreLadder.AdoptedRung, StoreLadder.KeyUsableRung] : [StoreLadder.KeyUsableRung];

    /// <summary>To be closed for so long, and not seen to be.</summary>
    public static bool IsHeldUp(StoreWorld world) => world.HeldUpSince + HeldUpAfter <= world.Now;

    /// <summary>Nobody else calls for a look at a closed store when the time of its fence is over.</summary>
    private static TimeSpan? FenceEndsIn(StoreWorld world) =>
        world is { Migration: { } move, IsPaused: false } && FenceBound.EndsAt(move) is { } end && end > world.Now
            ? end - world.Now + TimeSpan.FromSeconds(1) : null;

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one < other || other is null ? one : other;

    private static TimeSpan? ReportDueIn(StoreWorld world) => world.Report.ForDisplay() is { } report
        ? report.DueIn(world.ReportInterval, world.Now) + TimeSpan.FromSeconds(1)
        : null;

    private static IReadOnlyList<Rung<StoreWorld>> WantedFor(StoreWorld world) =>
        [.. ReturnLadder.For(world) ?? Waiting(world, StayingFor(world)),
            .. StoreVerdict.RegionOf(world) is { Unconfirmed: var waiting } && waiting != StoreVerdict.NoneWaits
                ? [StoreLadder.VersionConfirmedRung] : (Rung<StoreWorld>[])[],
        ];

    /// <summary>
    /// Of a store that is deleted, and whose data goes back first; null of every other. What the move into the store
    /// did not switch yet is in the shared place still: there is nothing to give back.
    /// </summary>
    private static IReadOnlyList<Rung<StoreWorld>>? GoingBackFor(StoreWorld world)
    {
        if (world is not { IsDeleting: true, IsRecordedOnly: false, IsNamespaceGoing: false, IsHeldOff: false,
            IsClaimed: true, Return: { IsByDeletion: true } back }
            || IsAnothers(world))
        {
            return null;
        }

        var isSwitched = back.Known is not null || world.IsPlaceUntold || world.Migration is not { } move
            || move.Served.Blindness is not null || move.Served.ForDisplay() is not null;
        return !isSwitched ? null
            : back.IsPlanned && StoreVerdict.MustClose(world) is null ? ReturnLadder.PlanningDeletion
            : back is { IsServed: false, IsConfirmed: false } ? [.. TakingBack(world), .. ReturnLadder.Unconfirmed]
            : !back.IsServed && StoreVerdict.MustClose(world) is not null ? ReturnLadder.Shut
            : ReturnLadder.For(world) ?? Waiting(world, StayingFor(world));
    }

    private static IReadOnlyList<Rung<StoreWorld>> StayingFor(StoreWorld world) =>
        world.Next is not null ? NextLadder.For(world)
        : (world.Migration is null ? StoreLadder.WithoutMigration : StoreLadder.WithMigration) is var rungs
            && KeyChangeLadder.IsNeeded(world) ? StoreLadder.ChangingKey(rungs) : rungs;

    private static IReadOnlyList<Rung<StoreWorld>> Waiting(StoreWorld world, IReadOnlyList<Rung<StoreWorld>> rungs) =>
        world.Return is null
            ? rungs
            : [.. rungs.Where(rung => rung != StoreLadder.CompliantRung),
                world.Return.IsPlanned ? ReturnLadder.Planned : ReturnLadder.Waiting, StoreLadder.CompliantRung];

    /// <summary>What was begun of a return is taken back first: nobody could end it afterwards.</summary>
    private static IReadOnlyList<Rung<StoreWorld>> DeletingFor(StoreWorld world) =>
        world is { Return.Known: not null, IsNamespaceGoing: false }
            ? [.. ReturnLadder.TakingBack, .. LettingGoFor(world)] : [.. TakingBack(world), .. LettingGoFor(world)];

    /// <summary>The same of a move to the next bucket that was not switched yet.</summary>
    private static IReadOnlyList<Rung<StoreWorld>> TakingBack(StoreWorld world) =>
        world is { Next.IsServed: false, IsNamespaceGoing: false } ? NextLadder.TakingBack : [];

    private static IReadOnlyList<Rung<StoreWorld>> LettingGoFor(StoreWorld world) =>
        world.DeletionPolicy == DeletionPolicies.Delete && (world.IsDeletionConfirmed || !world.IsNamespaceGoing)
            ? DeletingLadder.DeleteFor(world)
        : world.IsNamespaceGoing ? DeletingLadder.NamespaceGoing
        : DeletingLadder.Retain;
}
