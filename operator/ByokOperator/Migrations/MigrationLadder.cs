using Byok.Copying;
using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>
/// The migration, top to bottom. Reading this list is reading the runbook. Up to the switch the source is the truth;
/// from the served mark on the target is, and what led there is behind us for good.
/// </summary>
internal static class MigrationLadder
{
    public static readonly IReadOnlyList<Rung<MigrationWorld>> Rungs =
    [
        new("BulkCopied", BulkCopied),
        new("WorkloadsQuiesced", WorkloadsQuiesced),
        new("WritesFenced", WritesFenced),
        new("DeltaCopied", DeltaCopied),
        new("ReceiptWritten", ReceiptWritten),
        new("ServedFromTarget", ServedFromTarget),
    ];

    /// <summary>What is left to do once readers are on the target.</summary>
    public static readonly IReadOnlyList<Rung<MigrationWorld>> Retirement =
    [
        new("SourceRetired", SourceRetired),
        new("FenceLifted", FenceLifted),
        new("CopiesCleared", CopiesCleared),
    ];

    private const string ForWorkers =
        "waits for the copy's workers: status.migration says how far they are, and MoveStalled is told when none is "
            + "heard of for 15 minutes";

    /// <summary>The last Job that goes wakes the store; this is for a watch that missed it.</summary>
    private static readonly TimeSpan EndingRecheck = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan OrderRecheck = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether workloads are to stand still for the switch now. Opening asks this too, so that it does not resume what
    /// the migration suspends.
    /// </summary>
    public static bool IsQuiescing(MigrationWorld world) =>
        world.Quiesces
        && world.Retired is { Blindness: null } retired && retired.ForDisplay() is null
        && !(world.Served.ForDisplay() is not null && world.Binding.ForDisplay() is not null)
        && FenceWait.Of(world) is null
        && BulkCopied(world) is Finding.Holds;

    private static Finding BulkCopied(MigrationWorld world) =>
        UnlessServed(world, () => Copied(world, world.BulkCopy, null, null));

    private static Finding WorkloadsQuiesced(MigrationWorld world) => world.Quiesces
        ? UnlessServed(world, () => world.Workloads.Judge(workloads => FenceBound.Quiesced(world, workloads)))
        : Finding.Holds.Now;

    // Not only up to the switch: a client with an old pointer is refused, not lost, until the source is gone.
    private static Finding WritesFenced(MigrationWorld world) =>
        world.Retired.Judge(retired => world.Source.Judge(source =>
            retired is not null || !source.Exists ? Finding.Holds.Now
            : source.Fence is { } fence ? FenceBound.InTime(world, source, fence)
            : FenceBound.Again(world, source)));

    private static Finding DeltaCopied(MigrationWorld world) => UnlessServed(world, () => world.Source.Judge(source =>
        source.Fence is { } fence
            ? Copied(world, world.DeltaCopy(fence), world.BulkCopy, fence)
            : ForFence()));

    private static Finding ReceiptWritten(MigrationWorld world) =>
        world.Served.Judge(served => world.Receipt.Judge(receipt =>
            served is null ? UnlessServed(world, () => world.Source.Judge(source => Verified(world, source, receipt)))
            : receipt is null
                ? new Finding.Stuck("ReceiptMissing",
                    "readers were switched on a receipt that is gone: restore .byok/receipt.json in the store from an "
                        + "earlier version")
            : receipt.Digest != served.Receipt
                || receipt.Scope != world.Scope
                    ? new Finding.Stuck("ReceiptForAnother",
                        "the receipt is not the one that readers were switched on: restore the earlier version of "
                            + ".byok/receipt.json in the store")
            : Finding.Holds.Now));

    private static Finding.Pending ForFence() =>
        new("WritesOpen", OrderRecheck, "waits until writes are fenced: see the condition WritesFenced");

    private static Finding Verified(MigrationWorld world, SourceFacts source, ReceiptFacts? receipt) =>
        source.Fence is not { } fence ? ForFence()
        : receipt is not null && receipt.Scope == world.Scope && receipt.Fence == fence ? Finding.Holds.Now
        : new Finding.Lacks("NoReceipt",
            new MigrationAct.WriteReceipt(world.Scope, fence, world.DeltaCopy(fence), receipt?.Digest));

    private static Finding ServedFromTarget(MigrationWorld world) =>
        world.Receipt.Judge(receipt => world.Served.Judge(served =>
            world.Binding.Judge(binding =>
                receipt is null
                    ? new Finding.Pending("NoReceipt", OrderRecheck,
                        "waits until a receipt is written: see the condition ReceiptWritten")
                : served is null
                    ? world.Copies.Judge(copies =>
                        Alone(copies, null,
                            new Finding.Lacks("ServedFromSource",
                                new MigrationAct.MarkServed(receipt.Digest, receipt.Fence))))
                : binding?.Content == world.WantedBinding && binding.Receipt == served.Receipt ? Finding.Holds.Now
                : new Finding.Lacks("BindingNotSwitched",
                    new MigrationAct.ServeTarget(world.WantedBinding, served.Receipt)))));

    private static Finding SourceRetired(MigrationWorld world) =>
        world.Served.Judge(served => world.Retired.Judge(retired =>
            world.Source.Judge(source => world.Binding.Judge(binding =>
                served is null
                    ? new Finding.Pending("ServedFromSource", OrderRecheck,
                        "waits until readers are switched: see the condition ServedFromTarget")
                : retired == served.Receipt ? Emptied(world, source)
                : Kept(world, served) is { } kept ? kept
                : binding?.Receipt != served.Receipt
                    || source.Fence is not { } fence
                        ? new Finding.Pending("NotServed", OrderRecheck,
                            "waits until the binding names the receipt and writes are fenced: nothing of the old copy "
                                + "is deleted before")
                : new Finding.Lacks("SourcePresent",
                    new MigrationAct.RetireBatch(served.Receipt, fence, binding.Content))))));

    // Readers are on the target: the store serves, and its old copy stands because somebody wants it to.
    private static Finding.Deferred? Kept(MigrationWorld world, ServedMark served) =>
        served.At.Later(world.KeepSourceFor) is var until && until > world.Now
            ? new(StatusReport.KeptAsAsked, until - world.Now,
                $"{(world.IsNext ? "spec.rotation.overlap" : "spec.migration.keepSourceFor")} keeps the old copy, "
                    + $"fenced, until {until:u}")
            : null;

    // What the receipt does not vouch for is not ours to delete, whoever wrote it there.
    private static Finding Emptied(MigrationWorld world, SourceFacts source) => source.IsEmpty || !source.Exists
        ? source.KeepsDeletedDays is { } days ? new Finding.Holds("KeptDeleted", KeptDeleted(days)) : Finding.Holds.Now
        : new Finding.Stuck("WrittenToSource",
            $"objects were written {(world.IsNext ? "into the old bucket" : "under the shared prefix")} that no "
                + "receipt vouches for: move them into the store, or delete them");

    /// <summary>In words for whoever believes that the old copy is gone.</summary>
    public static string KeptDeleted(int days) =>
        $"the shared account keeps what is deleted in it for {days} days (soft delete), under the platform's own key: "
            + "until then the old copy can be brought back there";

    private static Finding FenceLifted(MigrationWorld world) =>
        world.Served.Judge(served => world.Retired.Judge(retired => world.Source.Judge(source =>
            source.Fence is not { } fence ? Finding.Holds.Now
            : retired is not null ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence))
            : served is not null && Kept(world, served) is { } kept ? kept
            : new Finding.Pending("SourcePresent", OrderRecheck,
                "waits until the old copy is gone: see the condition SourceRetired"))));

    private static Finding CopiesCleared(MigrationWorld world) =>
        world.Copies.Judge(copies => world.Served.Judge(served =>
            !copies.Any(copy => copy.HasJob) ? Finding.Holds.Now
            : served is null
                ? new Finding.Pending("EvidenceKept", OrderRecheck,
                    "waits until readers are switched: until then the copy's Jobs are its evidence")
            : copies.All(copy => !copy.HasJob || copy.IsEnding) ? new Finding.Pending(
                "JobsEnding", EndingRecheck,
                "the finished copy's Jobs are deleted, and stand until the cluster has ended their pods: where one "
                    + "stays, see to its node")
            : new Finding.Lacks("JobsStand", new MigrationAct.ClearCopies(served.Receipt))));

    // A binding without the mark that is written before it was made by hand, or the mark was lost: in both cases
    // readers may be on the target, and copying once more would put old data over new.
    private static Finding UnlessServed(MigrationWorld world, Func<Finding> judge) => world.Served.Judge(served =>
        served is not null
            ? Finding.Holds.Now
            : world.Binding.Judge(binding => binding is null
                ? judge()
                : new Finding.Stuck("SwitchedWithoutReceipt",
                    "the binding stands but the store has no mark of the switch: restore .byok/served.json in the "
                        + "store, or delete the binding if no workload ever used it")));

    // An absent source would satisfy "nothing in it is missing from the target", so it must be there to count.
    private static Finding Copied(MigrationWorld world, string fingerprint, string? previous, string? fence) =>
        world.Source.Judge(source =>
            source.Unfit is { } unfit ? new Finding.Stuck(unfit.Code, unfit.Message)
            : source.Exists
                ? world.Copies.Judge(copies =>
                    Alone(copies, fingerprint,
                        JudgeCopy(world, copies.FirstOrDefault(copy => copy.Fingerprint == fingerprint), fingerprint,
                            (previous, fence))))
            : new Finding.Stuck("SourceMissing",
                "the shared place is not there: correct spec.shared, or leave it out"));

    private static Finding JudgeCopy(
        MigrationWorld world, CopyFacts? copy, string fingerprint, (string? Previous, string? Fence) from) =>
            copy switch
        {
            { Outcome: JobOutcome.Succeeded } => Finding.Holds.Now,
            { Refusal: { } refusal } => Refused(world, copy, refusal, from),
            { Outcome: JobOutcome.Running } =>
                Stalled(world.Now, copy) is { } stalled ? stalled : Running(world, from.Fence is not null),
            { FailedAttempts: >= CopyRules.MaxFailedAttempts } =>
                new Finding.Stuck("CopyFails",
                    "the copy failed again and again: see the logs of its Jobs' pods, mend what they name, then "
                        + "delete the failed Jobs"),
            _ =>
                new Finding.Lacks("CopyNotStarted",
                    new MigrationAct.StartCopy(fingerprint, (copy?.FailedAttempts ?? 0) + 1, from.Previous,
                        from.Fence)),
        };

    private static Finding.Stuck? Stalled(DateTimeOffset now, CopyFacts copy) =>
        CopyRules.Stalled(now, copy) is { } waits ? new Finding.Stuck("MoveStalled", $"the copy waits for {waits}")
            : null;

    // An older server does not know by which exit codes a Job has failed: there its pods would be replaced for weeks.
    private static Finding Refused(
        MigrationWorld world, CopyFacts copy, CopyRefusal refusal, (string? Previous, string? Fence) from) =>
        copy.IsEnding ? new Finding.Pending("CopyRefused", EndingRecheck, refusal.Told)
        : copy.Outcome == JobOutcome.Running
            ? new Finding.Lacks("CopyRefused", new MigrationAct.StopCopy(copy.Fingerprint), refusal.Told)
        : CopyRules.TriedAgainAt(refusal) > world.Now && !world.IsAsked
            ? new Finding.Stuck(refusal.Objects.Count > 0 ? "ObjectsRefused"
                : "CopyRefused", CopyRules.ThenAgain(refusal, refusal.Told))
        : new Finding.Lacks("CopyNotStarted",
            new MigrationAct.StartCopy(copy.Fingerprint, refusal.Attempt + copy.FailedAttempts + 1, from.Previous,
                from.Fence));

    private static Finding.Pending Running(MigrationWorld world, bool isFenced) =>
        FenceBound.EndsAt(world) is { } end && end > world.Now
            ? new("CopyRunning", Sooner(CopyRules.JobRecheck, end - world.Now), isFenced
                ? $"waits for the last copy until {end:u}, when the fence is lifted" : ForWorkers)
            : new("CopyRunning", CopyRules.JobRecheck, ForWorkers);

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => other < one ? other : one;

    // A copy left over from a lifted fence would go on putting what it listed then over what is there now.
    private static Finding Alone(IReadOnlyList<CopyFacts> copies, string? fingerprint, Finding then) =>
        then is Finding.Lacks
            && copies.FirstOrDefault(copy =>
                copy is { HasJob: true, Outcome: JobOutcome.Running } && copy.Fingerprint != fingerprint) is { } other
            ? other.IsEnding
                ? new Finding.Pending("OtherCopyRuns", EndingRecheck,
                    "a copy that is not wanted any more is deleted, and stands until the cluster has ended its pods: "
                        + "where one stays, see to its node")
                : new Finding.Lacks("OtherCopyRuns", new MigrationAct.StopCopy(other.Fingerprint))
            : then;
}
