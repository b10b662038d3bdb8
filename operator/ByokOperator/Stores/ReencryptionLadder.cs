using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;

namespace ByokOperator.Stores;

/// <summary>The rungs of a change of key at which the objects of a bucket come under the new one,
/// and the old ones go.</summary>
internal static class ReencryptionLadder
{
    private const string NotSupported = "ReencryptionNotSupported";

    private const string WhyNotSupported =
        "the bucket keeps versions, and those are encrypted anew where they stand only where every key is of the "
            + "bucket's own account";

    private const string WhyNotMoved =
        ", and a bucket that spec.aws.bucketName names has no next one to move to";

    private const string ForWorkers =
        "waits for the workers that put objects under the new key: status.reencryption says how far they are, and "
            + "ReencryptionStalled is told when none is heard of for 15 minutes";

    private const string ForTheirEnd =
        "the Jobs of workers that are not wanted any more are deleted, and stand until the cluster has ended their "
            + "pods: where one stays, see to its node";

    /// <summary>Objects stand under keys that nothing new comes under, all of them are to be let go,
    /// and no key is on its way in or out.</summary>
    public static bool IsDue(StoreWorld world) =>
        world.Change is { Keeps: false, IsRewrapped: false } && world.AlsoPinned is [_, ..]
            && world.AlsoPinned.All(key => key.Stage == PinStages.Refused);

    /// <summary>Before anything is changed: whether the objects that stand there could be put under that key.</summary>
    public static Finding Possible(StoreWorld world, string name) =>
        world.Change!.Reencryption.Engine.Judge(engine => engine is not null ? Finding.Holds.Now : new Finding.Stuck(
            NotSupported,
            $"{WhyNotSupported}{WhyNotMoved}, so that the old key could never be let go; nothing was changed: set "
                + $"spec.rotation.existingObjects to Keep to have new objects under {name} and the old ones under "
                + $"{world.KeyName}, both keys in use"));

    public static Finding ObjectsReencrypted(StoreWorld world) =>
        world.Change is not { Reencryption: var facts } ? Finding.Holds.Now
            : facts.OtherRuns is [var other, ..]
                ? new Finding.Lacks("OtherRunStands", new KeyChangeAct.StopReencryption(other))
            : facts.DoOthersStand ? new Finding.Pending("OtherRunStands", CopyRules.JobRecheck, ForTheirEnd)
            : !IsDue(world) ? Finding.Holds.Now
            : facts.Engine.Judge(engine => engine is null or ReencryptionEngine.Move
                ? new Finding.Stuck(NotSupported,
                    $"{WhyNotSupported}: set spec.rotation.existingObjects to Keep; every key in status.pinnedKeys "
                        + "stays in use")
                : facts.Run.Judge(run => Judge(world, facts, run)));

    /// <summary>Every shard met nothing under an old key in a whole pass, and nothing is on its way there.</summary>
    public static Finding Unused(ReencryptionFacts facts) =>
        facts.OldUploads.Judge(uploads => uploads > 0 ? Unfinished(facts) : Finding.Holds.Now);

    private static Finding Judge(StoreWorld world, ReencryptionFacts facts, CopyFacts? run) => run switch
    {
        { Outcome: JobOutcome.Succeeded } => Finding.Holds.Now,
        { Refusal: not null } => Refused(world, facts, run),
        { Outcome: JobOutcome.Running } => CopyRules.Stalled(world.Now, run) is { } waits
            ? new Finding.Stuck("ReencryptionStalled", $"putting objects under the new key waits for {waits}")
            : new Finding.Pending("ReencryptionRunning", CopyRules.JobRecheck, ForWorkers),
        { FailedAttempts: >= CopyRules.MaxFailedAttempts } => new Finding.Stuck(
            "ReencryptionFails",
            "putting objects under the new key failed again and again: see the logs of its Jobs' pods, mend what they "
                + "name, then delete the failed Jobs"),
        _ =>
            facts.OldUploads.Judge(uploads =>
                uploads > 0 ? Unfinished(facts) : Start(facts, (run?.FailedAttempts ?? 0) + 1)),
    };

    /// <summary>The worker goes on with everything else of its pass, and then ends. Where a server does not end its Job
    /// for it, its last word grows old.</summary>
    private static Finding Refused(StoreWorld world, ReencryptionFacts facts, CopyFacts run)
    {
        var refusal = run.Refusal!;
        var (told, isOld) =
            (refusal.Tell(ReencryptionRun.NotUnderNewKey), CopyRules.TriedAgainAt(refusal) <= world.Now);
        var code = refusal.Objects.Count > 0 ? "ObjectsRefused" : "ReencryptionRefused";
        return run.Outcome == JobOutcome.Running
            ? isOld && !run.IsEnding ? new Finding.Lacks(code, new KeyChangeAct.StopReencryption(run.Fingerprint), told)
                : new Finding.Stuck(code, told)
            : isOld || facts.IsAsked ? Start(facts, refusal.Attempt + run.FailedAttempts + 1)
            : new Finding.Stuck(code, CopyRules.ThenAgain(refusal, told));
    }

    private static Finding.Lacks Start(ReencryptionFacts facts, int attempt) =>
        new("ReencryptionNotStarted", new KeyChangeAct.StartReencryption(facts.Wanted ?? "", attempt));

    private static Finding.Lacks Unfinished(ReencryptionFacts facts) => new(
        "UploadsUnfinished", new KeyChangeAct.AbortUploads(facts.Wanted ?? ""),
        "uploads that began before the old key was refused would be completed under it");
}
