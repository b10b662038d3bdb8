using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What each rung of a move says where it lacks something, and what it then does.</summary>
public sealed class MoveReasonTests
{
    private const string Fence = "f1";
    private const string Digest = "digest";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly ServedMark served = new(Digest, Noon);

    private static readonly BindingFacts bound = new("b", Digest);

    private static readonly CopyFacts bulk = new("bulk-spec", JobOutcome.Succeeded, 0);

    private static readonly CopyFacts delta = new($"delta-spec-{Fence}", JobOutcome.Succeeded, 0);

    private static readonly IReadOnlyList<(string Rung, string Reason, MigrationAct Act, MigrationWorld Where)> rows =
    [
        ("BulkCopied", "CopyNotStarted", new MigrationAct.StartCopy("bulk-spec", 1, null, null),
            Begun with { Copies = Copies() }),
        ("BulkCopied", "OtherCopyRuns", new MigrationAct.StopCopy("delta-spec-f0"),
            Begun with { Copies = Copies(new CopyFacts("delta-spec-f0", JobOutcome.Running, 0)) }),
        ("WorkloadsQuiesced", "WorkloadsRunning", new MigrationAct.QuiesceWorkloads("spec"),
            Begun with { Quiesces = true, Workloads = Fact.Seen(new WorkloadState(1, 0)) }),
        ("WorkloadsQuiesced", "WorkloadsHeld", new MigrationAct.ReleaseWorkloads("spec"),
            Begun with
            {
                Quiesces = true,
                Workloads = Fact.Seen(new WorkloadState(0, 1)),
                FenceLiftedAt = Fact.Seen<DateTimeOffset?>(Noon.AddMinutes(-1)),
            }),
        ("WritesFenced", "WritesOpen", new MigrationAct.RaiseFence("spec"), Begun),
        ("DeltaCopied", "CopyNotStarted", new MigrationAct.StartCopy($"delta-spec-{Fence}", 1, "bulk-spec", Fence),
            Fenced),
        ("ReceiptWritten", "NoReceipt", new MigrationAct.WriteReceipt("scope", Fence, $"delta-spec-{Fence}", null),
            Fenced with { Copies = Copies(bulk, delta) }),
        ("ServedFromTarget", "ServedFromSource", new MigrationAct.MarkServed(Digest, Fence), Proved),
        ("ServedFromTarget", "OtherCopyRuns", new MigrationAct.StopCopy("bulk-spec"),
            Proved with { Copies = Copies(bulk with { Outcome = JobOutcome.Running }) }),
        ("ServedFromTarget", "BindingNotSwitched", new MigrationAct.ServeTarget("b", Digest),
            Proved with { Served = Fact.Seen<ServedMark?>(served) }),
        ("SourceRetired", "SourcePresent", new MigrationAct.RetireBatch(Digest, Fence, "b"), Served),
        ("CopiesCleared", "JobsStand", new MigrationAct.ClearCopies(Digest), Served),
    ];

    private static readonly IReadOnlyList<(string Rung, string Reason, Type Kind, MigrationWorld Where)> waits =
    [
        ("BulkCopied", "CopyFails", typeof(Finding.Stuck),
            Begun with
            {
                Copies =
                    Copies(bulk with { Outcome = JobOutcome.Failed, FailedAttempts = CopyRules.MaxFailedAttempts }),
            }),
        ("BulkCopied", "SwitchedWithoutReceipt", typeof(Finding.Stuck),
            Begun with { Binding = Fact.Seen<BindingFacts?>(bound) }),
        ("DeltaCopied", "WritesOpen", typeof(Finding.Pending), Begun),
        ("ReceiptWritten", "ReceiptForAnother", typeof(Finding.Stuck),
            Served with { Served = Fact.Seen<ServedMark?>(new ServedMark("another", Noon)) }),
        ("ServedFromTarget", "NoReceipt", typeof(Finding.Pending), Fenced),
        ("SourceRetired", "ServedFromSource", typeof(Finding.Pending), Proved),
        ("FenceLifted", "SourcePresent", typeof(Finding.Pending), Served),
        ("CopiesCleared", "EvidenceKept", typeof(Finding.Pending), Proved),
        ("CopiesCleared", "JobsEnding", typeof(Finding.Pending),
            Served with { Copies = Copies(bulk with { IsEnding = true }, delta with { HasJob = false }) }),
    ];

    public static TheoryData<int, string> Rows => [.. rows.Select((row, at) => (at, $"{row.Rung}: {row.Reason}"))];

    public static TheoryData<int, string> Waits => [.. waits.Select((row, at) => (at, $"{row.Rung}: {row.Reason}"))];

    /// <summary>The first copy is made, and nobody is held up yet.</summary>
    private static MigrationWorld Begun => MoveWorlds.Begun with { Now = Noon, Copies = Copies(bulk) };

    private static MigrationWorld Fenced =>
        Begun with { Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: false, Fence, Noon)) };

    private static MigrationWorld Proved =>
        Fenced with
        {
            Copies = Copies(bulk, delta),
            Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts("scope", Fence, Digest)),
        };

    private static MigrationWorld Served =>
        Proved with { Served = Fact.Seen<ServedMark?>(served), Binding = Fact.Seen<BindingFacts?>(bound) };

    /// <summary>Whoever hears that the old copy is gone hears too that it can be brought back.</summary>
    [Fact]
    public void A_place_that_keeps_what_is_deleted_says_for_how_long()
    {
        var retired = Served with
        {
            Retired = Fact.Seen<string?>(Digest),
            Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: true, Fence, Noon) { KeepsDeletedDays = 7 }),
        };
        var holds = Look("SourceRetired", retired).ShouldBeOfType<Finding.Holds>();
        (holds.Reason, holds.Message.Contains("7 days", StringComparison.Ordinal)).ShouldBe(("KeptDeleted", true));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rung_says_what_it_lacks_and_proposes_what_mends_it(int row, string name)
    {
        var (rung, reason, act, where) = rows[row];
        var lacks = Look(rung, where).ShouldBeOfType<Finding.Lacks>(name);
        (lacks.Reason, lacks.Remedy).ShouldBe((reason, act));
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void What_is_waited_for_or_needs_a_person_is_told(int row, string name)
    {
        var (rung, reason, kind, where) = waits[row];
        var finding = Look(rung, where);
        finding.GetType().ShouldBe(kind, name);
        var (said, message) = finding is Finding.Stuck stuck ? (stuck.Reason, stuck.Message)
            : (((Finding.Pending)finding).Reason, ((Finding.Pending)finding).Message);
        said.ShouldBe(reason);
        message.ShouldNotBeEmpty("a person has to know what is waited for");
    }

    private static Finding Look(string rung, MigrationWorld world) =>
        MigrationLadder.Rungs.Concat(MigrationLadder.Retirement).Single(one => one.Condition == rung).Look(world);

    private static Fact<IReadOnlyList<CopyFacts>> Copies(params CopyFacts[] copies) =>
        Fact.Seen<IReadOnlyList<CopyFacts>>(copies);
}
