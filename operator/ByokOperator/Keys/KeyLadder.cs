using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>From a key that somebody applied to one that stores may use.</summary>
internal static class KeyLadder
{
    private static readonly Rung<KeyWorld> GrantedRung = new("Granted", Granted);

    private static readonly Rung<KeyWorld> RightsGivenRung = new("RightsGiven", RightsGiven);

    public static readonly IReadOnlyList<Rung<KeyWorld>> WhenWanted =
    [
        GrantedRung,
        new("Claimed", Claimed),
        new("ClocksKept", KeyClocks.Kept),       // before anything that can get stuck: closing on time depends on it
        new("MaterialWithdrawn", ImportLadder.MaterialWithdrawn),
        new("SourceValid", SourceValid),
        new("Adopted", Adopted),
        new("SpecRecorded", SpecRecorded),
        RightsGivenRung,
        new("MaterialValid", ImportLadder.MaterialValid),
        new("MaterialImported", ImportLadder.MaterialImported),
        new("PolicyGranted", PolicyGranted),
        new("KeyUsable", KeyUsable),
        new("NewMaterialImported", GenerationLadder.NewMaterialImported),
        // in every region, before a rotation waits for its confirmation
        new("NewMaterialCurrent", GenerationLadder.NewMaterialCurrent),
        new(VersionWatch.Condition, VersionLadder.Confirmed),
        new("CreationSettled", ImportLadder.CreationSettled),
        new("GenerationFollowed", GenerationLadder.GenerationFollowed),
    ];

    /// <summary>An imported key before it was ever active: what was handed over is checked, and goes nowhere.</summary>
    public static readonly IReadOnlyList<Rung<KeyWorld>> WhenOnStandby =
    [
        GrantedRung,
        new("Claimed", Claimed),
        new("SourceValid", SourceValid),
        new("Adopted", Adopted),
        RightsGivenRung,
        new("MaterialValid", ImportLadder.MaterialValid),
    ];

    /// <summary>
    /// The object is gone and its record stands: the key goes on being asked while a store was put under it, and one of
    /// ours goes after the last of them.
    /// </summary>
    public static readonly IReadOnlyList<Rung<KeyWorld>> WhenRecordedOnly =
    [
        new("KeyScheduledForDeletion",
            world =>
                world.IsNeeded || world.IsSuperseded ? Finding.Holds.Now : ImportLadder.KeyScheduledForDeletion(world)),
        new("RecordNeeded", RecordNeeded),
        new("ClocksKept", KeyClocks.Kept),
        new("MaterialWithdrawn", ImportLadder.MaterialWithdrawn), // whoever took the object away meanwhile
        new("KeyUsable", KeyUsable),
    ];

    /// <summary>A key that is waiting for its stores to go is still proved,
    /// or its revocation would go unnoticed.</summary>
    public static readonly IReadOnlyList<Rung<KeyWorld>> WhenDeleting =
    [
        new("ClocksKept", world => IsFree(world) ? Finding.Holds.Now : KeyClocks.Kept(world)),
        new("MaterialWithdrawn", ImportLadder.MaterialWithdrawn), // a tenant who revokes does not wait for stores to go
        new("CanaryKept", CanaryKept),
        new("NotInUse", NotInUse),
        // it is not this one's yet
        new("KeyScheduledForDeletion",
            world => world.Adoption is not null ? Finding.Holds.Now : ImportLadder.KeyScheduledForDeletion(world)),
        new("Released", Released),
    ];

    /// <summary>Paused: nothing but the clocks, which closing needs, and what a revocation asks for.</summary>
    public static Plan<KeyWorld> Choose(KeyWorld world)
    {
        var (name, rungs) = world.IsRecordedOnly ? ("RecordedOnly", WhenRecordedOnly)
            : world.IsDeleting ? ("Deleting", WhenDeleting)
            : world is { State: KeyStates.Standby, Import.IsBegun: false } ? ("Standby", WhenOnStandby)
            : ("Wanted", WhenWanted);
        var step = Next(rungs, world);
        if (world.IsPaused
            && step is not Step.Take { Act: KeyAct.StartClock or KeyAct.StopClock or KeyAct.WithdrawMaterial })
        {
            step = new Step.Wait("Paused", "Paused", world.ProbeInterval);
        }

        return new(name, rungs, [step], world.IsHeldOff ? null : LookAgain(world));
    }

    /// <summary>Makes or proves something that was not there before.</summary>
    public static bool Begins(Act act) =>
        act is KeyAct.Adopt or KeyAct.SaveCanary or KeyAct.CreateKey or KeyAct.ResumeCreation or KeyAct.ImportMaterial
            or KeyAct.ImportNewMaterial;

    /// <summary>What was begun before the platform took it back goes on; nothing new is.</summary>
    private static Step Next(IReadOnlyList<Rung<KeyWorld>> rungs, KeyWorld world)
    {
        if (!world.IsRefused || world.IsHeldOff || !rungs.Contains(GrantedRung))
        {
            return Ladder.Next(rungs, world);
        }

        return Ladder.Next([.. rungs.Where(rung => rung != GrantedRung)], world) is var step
            && step is Step.Rest or Step.Halt || step is Step.Take take && Begins(take.Act)
            ? Ladder.Next([GrantedRung], world)
            : step;
    }

    /// <summary>At the next probe, at the next step of a warning, or when an import request ends: nothing else tells
    /// when time alone changes the answer.</summary>
    private static TimeSpan LookAgain(KeyWorld world)
    {
        var probe = ProbeTimes.Next(world.Uid, world.Now, world.ProbeInterval);
        TimeSpan?[] due =
            [MaterialExpiryWarning.NextStepIn(world), world.Import?.Open.ForDisplay()?.ExpiresAt - world.Now];
        return due.Where(left => left > TimeSpan.Zero && left < probe).Min() ?? probe;
    }

    private static Finding Granted(KeyWorld world) => world.Refusal.Judge(refused =>
        refused is not null ? new Finding.Stuck(refused.Reason, refused.Message)
        : world.Capped.Length > 0 ? new Finding.Holds("Capped", world.Capped)
        : Finding.Holds.Now);

    private static Finding Claimed(KeyWorld world) =>
        world.IsClaimed ? Finding.Holds.Now : new Finding.Lacks("NotClaimed", new KeyAct.Claim(world.Uid));

    private static Finding SourceValid(KeyWorld world) => world.Violations is []
        ? Finding.Holds.Now
        : new Finding.Stuck("SpecInvalid", string.Join("; ", world.Violations));

    private static Finding Adopted(KeyWorld world) => world.Adoption switch
    {
        null => Finding.Holds.Now,
        { Fault: { } fault } => new Finding.Stuck(fault.Reason, fault.Message),
        { IsConsented: false } needed => new Finding.Stuck(Takeover.Needed, needed.Message),
        { } taken => new Finding.Lacks("NotTakenBack", new KeyAct.Adopt(world.Uid, taken.Origin)),
    };

    private static Finding RecordNeeded(KeyWorld world) =>
        world.IsNeeded ? Finding.Holds.Now : new Finding.Lacks("RecordNotNeeded", new KeyAct.EndRecord(world.Uid));

    private static Finding SpecRecorded(KeyWorld world) =>
        world.RecordFault is { } fault ? new Finding.Stuck(fault.Reason, fault.Message)
            : world.IsSpecRecorded ? Finding.Holds.Now
            : new Finding.Lacks("SpecNotRecorded", new KeyAct.RecordSpec(world.Uid));

    private static Finding RightsGiven(KeyWorld world) =>
        Enrolment.Judge(world.IsHeldOff, world.MendOfRights, world.PublishedPolicy.Blindness,
            world.Import?.Upload.Blindness);

    private static Finding PolicyGranted(KeyWorld world) => world.PublishedPolicy.Judge(published =>
        world.RequiredPolicy is { } required && published != required
            ? new Finding.Lacks("PolicyNotPublished", new KeyAct.PublishPolicy(required))
            : Foremost.Of(world.Regions,
                region => region.Answer.ForDisplay() is { MissingActions: [_, ..] missing } refusing
                    ? new Finding.Pending(
                        "ActionsMissing", world.ProbeInterval,
                        $"the key in {region.Region} does not allow {string.Join(", ", missing)}: apply the published "
                            + $"policy ({refusing.Message})")
                    : region.Answer.ForDisplay() is { ExcessActions: [_, ..] excess }
                        ? new Finding.Holds("RoleTooBroad",
                            $"the key in {region.Region} allows the operator more than it needs "
                                + $"({string.Join(", ", excess)}): give it the role of the published policy and take "
                                + "the broader one away")
                        : Finding.Holds.Now));

    private static Finding KeyUsable(KeyWorld world) =>
        world is { IsRecordedOnly: true, RecordFault: { } fault } ? new Finding.Stuck(fault.Reason, fault.Message)
            : world.IsRevokedByTenant
            ? new Finding.Pending("RevokedByTenant", world.ProbeInterval,
                "spec.state is Revoked: every store that uses this key is closed")
            : Foremost.Of(world.Regions, region => KeyUsable(world, region));

    private static Finding KeyUsable(KeyWorld world, KeyRegion region) => KeyJudgement.IsReplaced(region)
        ? Replaced(region)
        : region.Answer.Judge(answer => answer switch
        {
            { Verdict: KeyVerdict.Unknown } => new Finding.Unseen(answer.Reason, $"{region.Region}: {answer.Message}"),
            { Verdict: KeyVerdict.Revoked, Reason: "KeyReplaced" } => Replaced(region),
            { Verdict: KeyVerdict.Revoked } =>
                new Finding.Pending(answer.Reason, world.ProbeInterval, $"{region.Region}: {answer.Message}"),
            { Verdict: KeyVerdict.Usable } => region.Canary.Judge(canary => (canary, answer.OfferedCanary) switch
            {
                ({ }, _)
                    when answer.Renewal is { } renewal =>
                        new Finding.Lacks("CanaryNotRenewed", new KeyAct.RenewCanary(region.Region, renewal)),
                ({ }, _) => Finding.Holds.Now,
                (null, { } offered) =>
                    new Finding.Lacks("CanaryNotStored", new KeyAct.SaveCanary(region.Region, offered)),
                _ => new Finding.Pending("CanaryNotStored", world.ProbeInterval),
            }),
            _ => throw new UnreachableException($"{answer.Verdict}"),
        });

    /// <summary>Its stores are proved by what is on record, which may be lost while it waits for them to go. Nothing is
    /// written down of a key that is not this one's yet, or that nothing is given for any more.</summary>
    private static Finding CanaryKept(KeyWorld world) =>
        world is { IsRefused: false, IsRevokedByTenant: false, Adoption: null } && !IsFree(world)
            && KeyUsable(world) is Finding.Lacks lacks ? lacks : Finding.Holds.Now;

    private static Finding.Stuck Replaced(KeyRegion region) => new(
        "KeyReplaced",
        $"{region.Region}: this is not the key that the canary was made with; bring back the first key, or make a new "
            + "TenantEncryptionKey for this one");

    private static Finding NotInUse(KeyWorld world) => world.Users.Judge(users => users is [_, ..]
        ? new Finding.Stuck("KeyInUse", $"the key stays until these stores are gone: delete {Names(users)} first")
        : world.IsNamespaceGoing ? Finding.Holds.Now // retained data goes on being watched over from the records
        : world.Retained.Judge(retained => retained is [_, ..]
            ? new Finding.Stuck("KeyInUse",
                $"retained data can be read with this key only: empty and delete {Names(retained)} first")
            : Finding.Holds.Now));

    private static Finding Released(KeyWorld world) =>
        world.IsClaimed ? new Finding.Lacks("StillClaimed", new KeyAct.Release(world.Uid)) : Finding.Holds.Now;

    private static bool IsFree(KeyWorld world) => world.Users is { Blindness: null } users && users.ForDisplay() is [];

    /// <summary>A message has an end: ten names, then a count.</summary>
    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? $" and {names.Count - 10} more" : "");
}
