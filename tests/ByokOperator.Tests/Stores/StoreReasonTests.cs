using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Migrations;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>What each rung of a store's ladders says where it lacks something, and what it then does.</summary>
public sealed class StoreReasonTests
{
    private const string Uid = "uid";

    private static readonly DateTimeOffset Noon = Worlds.Noon;

    private static readonly KeyPin fresh = new("k-new", "m-new", "d-new");

    private static readonly IReadOnlyList<(string Rung, Finding Says, StoreWorld Where)> rows =
    [
        ("Claimed", new Finding.Lacks("NotClaimed", new StoreAct.Claim(Uid)), Good with { IsClaimed = false }),
        ("ClocksKept", new Finding.Lacks("ClockNotStarted", new StoreAct.StartUnseenClock(Noon)),
            Good with { UnseenSince = Noon }),
        ("ClocksKept", new Finding.Lacks("ClockStillRuns", new StoreAct.StopUnseenClock(Noon)),
            Good with { UnseenOnRecord = Noon }),
        ("Adopted", new Finding.Lacks("NotTakenBack", new StoreAct.Adopt(Uid, "earlier")),
            Good with { Adoption = new Takeover("earlier", IsConsented: true, "") }),
        ("TargetPrepared", new Finding.Lacks("TargetNotPrepared", new StoreAct.PrepareTarget(Uid), "Policy"),
            At(Good, target => target with { Drift = ["Policy"] })),
        ("TargetPrepared", new Finding.Lacks("KeyNotPinned", new StoreAct.PinKey(Uid, Worlds.Pin)),
            Good with { Pin = Fact.Seen<KeyPin?>(null) }),
        ("GrantsRestored", new Finding.Lacks("GrantMissing", new StoreAct.RestoreGrant(Worlds.Pin)),
            Good with { IsGrantRight = Fact.Seen(false) }),
        ("Bound", new Finding.Lacks("NotBound", new StoreAct.Bind("b", Worlds.Pin)),
            Good with { Binding = Fact.Seen<BindingFacts?>(null) }),
        ("Compliant", new Finding.Lacks("ReportDue", new StoreAct.WriteReport(null, "Open")),
            Good with { Report = Fact.Seen<ReportFacts?>(null) }),
        ("BindingRemoved", new Finding.Lacks("BindingStands", new StoreAct.RemoveBinding(Uid)), Good),
        ("CopyJobsGone", new Finding.Lacks("CopyJobsStand", new StoreAct.StopCopies(Uid)), Good),
        ("WorkloadsSuspended", new Finding.Lacks("WorkloadsRunning", new StoreAct.SuspendWorkloads(Uid)), Good),
        ("GrantsRevoked", new Finding.Lacks("GrantStands", new StoreAct.RevokeGrant(Uid)), Good),
        ("RetentionRecorded", new Finding.Lacks("RetentionNotRecorded", new StoreAct.RecordRetention(Uid)),
            Good with { IsDeleting = true }),
        ("TargetEmptied", new Finding.Lacks("TargetHoldsData", new StoreAct.EmptyTarget(Uid)),
            Good with { IsDeleting = true }),
        ("TargetDeleted", new Finding.Lacks("TargetStands", new StoreAct.DeleteTarget(Uid)),
            Good with { IsDeleting = true }),
        ("Released", new Finding.Lacks("StillClaimed", new StoreAct.Release(Uid)), Good with { IsDeleting = true }),
        ("PlaceStands", new Finding.Lacks("PlaceGone", new StoreAct.EndRecord(Uid)),
            Good with { IsRecordedOnly = true, IsLongAbsent = true }),
        ("BothKeysPinned", new Finding.Lacks("NewKeyNotPinned", new KeyChangeAct.PinNewKey("new", fresh)),
            Changing(null)),
        ("BothKeysPinned", new Finding.Lacks("NewKeyNotMarked", new KeyChangeAct.PinNewKey("new", fresh)),
            Changing(PinStages.Pinned)),
        ("BothKeysPinned", new Finding.Lacks("NewKeyGivenUp", new KeyChangeAct.Unpin("new")),
            Changing(PinStages.Pinned, wanted: null)),
        ("NewKeyAdmitted", new Finding.Lacks("NewKeyNotAdmitted", new KeyChangeAct.Admit("new", fresh)),
            Changing(PinStages.Pinned)),
        ("NewKeyAdmitted", new Finding.Lacks("NewKeyGivenUp", new KeyChangeAct.Refuse("new")),
            Changing(PinStages.Admitted, wanted: null)),
        ("DefaultRedirected", new Finding.Lacks("DefaultOnOldKey", new KeyChangeAct.Redirect("old", "new", fresh)),
            Changing(PinStages.Admitted)),
        ("OldKeyRefused", new Finding.Lacks("OverlapNotStarted", new KeyChangeAct.StartOverlap("new")),
            Changing(PinStages.Leaving, wanted: null)),
        ("OldKeyRefused", new Finding.Lacks("OldKeyAdmitted", new KeyChangeAct.Refuse("new")),
            Changing(PinStages.Leaving, wanted: null, since: Noon.AddDays(-1))),
        ("OldKeyReleased", new Finding.Lacks("OldKeyPinned", new KeyChangeAct.Release("new")),
            Rewrapped(Changing(PinStages.Refused, wanted: null))),
    ];

    private static readonly IReadOnlyList<(string Rung, string Reason, Type Kind, StoreWorld Where)> waits =
    [
        ("KeyUsable", "KeyNotInRegion", typeof(Finding.Pending), Good with { Region = "another" }),
        ("KeyUsable", "KeyStandby", typeof(Finding.Pending), UnderKey(KeyStates.Standby)),
        ("KeyUsable", "KeyArchived", typeof(Finding.Stuck), UnderKey(KeyStates.Archived)),
        ("KeyUsable", "KeyBeingDeleted", typeof(Finding.Stuck), Going(new KeyJudgement.Usable(Noon))),
        // whatever it answers: what it lacks, nobody gives it any more
        ("KeyUsable", "KeyBeingDeleted", typeof(Finding.Stuck), Going(new KeyJudgement.Unknown("NotImported", Noon))),
        ("KeyUsable", "KeyBeingDeleted", typeof(Finding.Stuck),
            Going(new KeyJudgement.Revoked("KeyPendingImport", Noon))),
        ("NewKeyUsable", "MoveUnderWay", typeof(Finding.Pending), Changing(null) with { Migration = Move }),
        // with the place the mark is gone that says under which key it was made: the record says it still
        ("TargetPrepared", "TargetMissing", typeof(Finding.Stuck),
            At(Good, target => target with { Ownership = StoreOwnership.Absent }) with
            {
                Pin = Fact.Seen<KeyPin?>(null), IsPinRecorded = true,
            }),
    ];

    public static TheoryData<int, string> Rows =>
        [.. rows.Select((row, at) => (at, $"{row.Rung}: {((Finding.Lacks)row.Says).Reason}"))];

    public static TheoryData<int, string> Waits => [.. waits.Select((row, at) => (at, $"{row.Rung}: {row.Reason}"))];

    private static StoreWorld Good =>
        Worlds.Open with { KeyName = "old", Report = Fact.Seen<ReportFacts?>(new ReportFacts(Noon, null, [], "Open")) };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rung_says_what_it_lacks_and_proposes_what_mends_it(int row, string name)
    {
        var (rung, says, where) = rows[row];
        Rungs().First(one => one.Condition == rung).Look(where).ShouldBe(says, name);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void What_nobody_here_can_mend_is_waited_for_or_told(int row, string name)
    {
        var (rung, reason, kind, where) = waits[row];
        var finding = Rungs().First(one => one.Condition == rung).Look(where);
        finding.GetType().ShouldBe(kind, name);
        (finding is Finding.Pending pending ? (pending.Reason, pending.Message)
            : finding is Finding.Stuck stuck ? (stuck.Reason, stuck.Message) : default).ShouldSatisfyAllConditions(
            said => said.Reason.ShouldBe(reason),
            said => said.Message.ShouldNotBeEmpty("a person has to know what to do"));
    }

    [Fact]
    public void A_good_store_lacks_nothing() =>
        StoreLadder.WithoutMigration.Select(rung => (rung.Condition, Finding: rung.Look(Good)))
            .Where(one => one.Finding is not Finding.Holds).ShouldBeEmpty();

    private static IEnumerable<Rung<StoreWorld>> Rungs() =>
        [.. StoreLadder.WithoutMigration, .. ClosingLadder.Rungs, .. DeletingLadder.Retain, .. DeletingLadder.Delete,
            .. LeftLadder.Rungs, .. KeyChangeLadder.Rungs];

    private static StoreWorld At(StoreWorld world, Func<TargetFacts, TargetFacts> edit) =>
        world with { Target = world.Target.Select(edit) };

    /// <summary>Not begun yet: what has begun goes on under a key of any state.</summary>
    private static StoreWorld UnderKey(string state) =>
        Good with
        {
            Pin = Fact.Seen<KeyPin?>(null),
            Key = Good.Key.Select(key => key is null ? null : key with { State = state }),
        };

    /// <summary>Not begun yet under a key that is being deleted.</summary>
    private static StoreWorld Going(KeyJudgement judgement) =>
        Good with
        {
            Pin = Fact.Seen<KeyPin?>(null),
            Key = Worlds.Judged(judgement).Select(key => key is null ? null : key with { IsDeleting = true }),
        };

    /// <summary>With a second key at a stage; null: named a moment ago.</summary>
    private static StoreWorld Changing(string? stage, string? wanted = "new", DateTimeOffset? since = null)
    {
        var standing = Worlds.Judged(new KeyJudgement.Usable(Noon)).Select(key => key is null
            ? null
            : key with
            {
                Regions = key.Regions.ToDictionary(one => one.Key,
                    one => one.Value with { KeyId = fresh.KeyId, Pin = fresh }),
            });
        var second = new PinnedKey("new", stage is null ? null
            : fresh, standing) { Stage = stage ?? PinStages.Refused, Since = since };
        return Good with
        {
            AlsoPinned = stage is null ? [] : [second],
            Change = new KeyChange
            {
                Wanted = wanted, Candidate = wanted is null ? null
                    : second, Keeps = true, Overlap = TimeSpan.FromMinutes(15),
                        Marked = Fact.Seen<IReadOnlyList<string>>(["k"]),
            },
        };
    }

    private static StoreWorld Rewrapped(StoreWorld world) =>
        world with { Change = world.Change! with { IsRewrapped = true } };

    private static MigrationWorld Move => MoveWorlds.Begun with { Now = Noon };
}
