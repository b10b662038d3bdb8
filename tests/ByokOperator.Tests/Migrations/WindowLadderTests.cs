using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>
/// What a move may hold up, and when. The window opens at half past two on Sundays in Berlin and lasts two hours: on 28
/// March 2027 that time is left out, so it opens at 01:00 UTC; on 31 October it comes twice,
/// and it opens the first time, at 00:30 UTC.
/// </summary>
public sealed class WindowLadderTests
{
    private static readonly MaintenanceWindow sunday =
        new() { Schedule = "30 2 * * 0", Duration = "2h", TimeZone = "Europe/Berlin" };
    private static readonly TimeSpan hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("2027-03-27T12:00:00Z", "2027-03-28 01:00:00Z")]
    [InlineData("2027-03-28T00:59:59Z", "2027-03-28 01:00:00Z")]
    [InlineData("2027-03-28T03:00:00Z", "2027-04-04 00:30:00Z")]
    [InlineData("2027-10-31T00:29:59Z", "2027-10-31 00:30:00Z")]
    [InlineData("2027-10-31T02:30:00Z", "2027-11-07 01:30:00Z")]
    public void Nobody_is_held_up_before_the_window_and_the_condition_says_until_when(string now, string until)
    {
        var world = Open(now);
        foreach (var rung in new[] { "WorkloadsQuiesced", "WritesFenced" })
        {
            var waits = Look(rung, world).ShouldBeOfType<Finding.Pending>();
            (waits.Reason,
                waits.Message).ShouldBe(
                    ("WindowNotOpen",
                        $"waits for the maintenance window until {until}: writers and workloads go on until then"));
            (world.Now + waits.Recheck).ShouldBe(Time(until)!.Value);
        }

        MigrationLadder.IsQuiescing(world).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2027-03-28T01:00:00Z")]
    [InlineData("2027-03-28T02:58:00Z")]
    [InlineData("2027-10-31T00:30:00Z")]
    [InlineData("2027-10-31T02:00:00Z")]
    public void In_the_window_workloads_stand_still_and_then_writes_are_fenced(string now)
    {
        Act("WorkloadsQuiesced", Open(now)).ShouldBe(new MigrationAct.QuiesceWorkloads("spec"));
        MigrationLadder.IsQuiescing(Open(now)).ShouldBeTrue();
        var still = Open(now) with { Workloads = Fact.Seen(new WorkloadState(0, 2)) };
        Look("WorkloadsQuiesced", still).ShouldBeOfType<Finding.Holds>();
        Act("WritesFenced", still).ShouldBe(new MigrationAct.RaiseFence("spec"));
    }

    [Fact]
    public void A_copy_of_what_there_is_starts_at_any_time() =>
        Look("BulkCopied", Open("2027-03-27T12:00:00Z") with { Copies = Fact.Seen<IReadOnlyList<CopyFacts>>([]) })
            .ShouldBeOfType<Finding.Lacks>().Remedy.ShouldBeOfType<MigrationAct.StartCopy>();

    [Theory]
    [InlineData("2027-03-28T03:00:00Z", "2027-03-28T02:55:00Z")]
    [InlineData("2027-10-31T02:30:00Z", "2027-10-31T02:29:00Z")]
    public void A_window_that_ends_first_lifts_the_fence_and_then_lets_workloads_run(string now, string since)
    {
        Look("WorkloadsQuiesced", Fenced(now, since)).ShouldBeOfType<Finding.Holds>();
        var lacks = Look("WritesFenced", Fenced(now, since)).ShouldBeOfType<Finding.Lacks>();
        (lacks.Reason, lacks.Remedy).ShouldBe(("WindowEnded", new MigrationAct.GiveUpFence("f1")));
        Look("WritesFenced", Fenced(now, since) with { Now = Time(now)!.Value.AddSeconds(-1) })
            .ShouldBeOfType<Finding.Holds>();

        var lifted = Open(now) with
        {
            FenceLiftedAt = Fact.Seen(Time(now)),
            Workloads = Fact.Seen(new WorkloadState(0, SuspendedByUs: 2)),
        };
        Act("WorkloadsQuiesced", lifted).ShouldBe(new MigrationAct.ReleaseWorkloads("spec"));
        Look("WritesFenced", lifted).ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("FencePaused");
        Look("WritesFenced", lifted with { Now = lifted.Now + hour })
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("WindowNotOpen");
    }

    /// <summary>Lifting it then could let a write in between the receipt and the switch that was decided on.</summary>
    [Fact]
    public void A_switch_that_is_half_done_keeps_its_fence_beyond_the_window_and_is_finished()
    {
        var receipt = Fenced("2027-03-28T03:00:00Z", "2027-03-28T02:55:00Z") with
        {
            Receipt = Fact.Seen<ReceiptFacts?>(new("scope", "f1", "digest")),
            Workloads = Fact.Seen(new WorkloadState(1, 2)),
        };
        Look("WorkloadsQuiesced", receipt).ShouldBeOfType<Finding.Holds>();
        Look("WritesFenced", receipt).ShouldBeOfType<Finding.Holds>();
        Act("ServedFromTarget", receipt).ShouldBe(new MigrationAct.MarkServed("digest", "f1"));
        var served = receipt with { Served = Fact.Seen<ServedMark?>(new("digest", receipt.Now)) };
        Look("WritesFenced", served).ShouldBeOfType<Finding.Holds>();
        Act("ServedFromTarget", served).ShouldBe(new MigrationAct.ServeTarget("binding", "digest"));
        Act("WritesFenced", Open("2027-03-29T12:00:00Z") with { Served = served.Served })
            .ShouldBe(new MigrationAct.RaiseFence("spec"));
    }

    [Fact]
    public void Nothing_is_lifted_on_a_mark_that_could_not_be_looked_at() =>
        Look("WritesFenced",
            Fenced("2027-03-28T03:00:00Z",
                "2027-03-28T02:55:00Z") with { Served = Fact.Blind<ServedMark?>("Unreachable") })
                    .ShouldBeOfType<Finding.Unseen>();

    /// <summary>The first copy took four hours for what had come in ten weeks;
    /// a day later a seventieth of that is new.</summary>
    [Fact]
    public void A_last_copy_that_does_not_fit_into_what_is_left_waits_for_the_next_window()
    {
        Act("WritesFenced", Copied("2027-03-28T01:00:00Z")).ShouldBe(new MigrationAct.RaiseFence("spec"));
        var waits = Look("WritesFenced", Copied("2027-03-28T02:58:00Z")).ShouldBeOfType<Finding.Pending>();
        (waits.Reason, waits.Message).ShouldBe((
            "WindowEndsTooSoon",
            "the last copy takes about 9 min, and the maintenance window ends at 2027-03-28 03:00:00Z: waits for the "
                + "next one until 2027-04-04 00:30:00Z"));
        Look("WorkloadsQuiesced", Copied("2027-03-28T02:58:00Z"))
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("WindowEndsTooSoon");
    }

    [Fact]
    public void A_last_copy_that_fits_into_no_window_is_for_a_person()
    {
        var stuck = Look("WritesFenced", Copied("2027-03-28T01:00:00Z", took: TimeSpan.FromDays(10)))
            .ShouldBeOfType<Finding.Stuck>();
        (stuck.Reason, stuck.Message).ShouldBe((
            "WindowTooShort",
            "the last copy takes about 6 h 53 min, and no maintenance window lasts as long (the longest 2 h 0 min): "
                + "make one of spec.maintenanceWindows longer"));
    }

    [Fact]
    public void A_fence_that_was_given_up_waits_its_time_within_the_window_too()
    {
        var lifted = Open("2027-03-28T01:10:00Z") with
        {
            FenceTimeout = TimeSpan.FromMinutes(30),
            FenceLiftedAt = Fact.Seen(Time("2027-03-28T01:05:00Z")),
        };
        var waits = Look("WritesFenced", lifted).ShouldBeOfType<Finding.Pending>();
        (waits.Reason, waits.Recheck).ShouldBe(("FencePaused", TimeSpan.FromMinutes(25)));
        Look("WritesFenced", lifted with { FenceTimeout = TimeSpan.FromHours(2) })
            .ShouldBeOfType<Finding.Pending>().Message
            .ShouldBe(
                "the delta did not finish in time: writes are open, the next fence waits for the maintenance window "
                    + "until 2027-04-04 00:30:00Z");
    }

    [Fact]
    public void A_copy_behind_the_fence_is_looked_at_again_when_the_window_ends()
    {
        var running = Fenced("2027-03-28T02:59:50Z", "2027-03-28T02:55:00Z") with
        {
            Copies = Fact.Seen<IReadOnlyList<CopyFacts>>(
                [new("bulk-spec", JobOutcome.Succeeded, 0), new("delta-spec-f1", JobOutcome.Running, 0)]),
        };
        Look("DeltaCopied", running).ShouldBeOfType<Finding.Pending>().Recheck.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Windows_that_can_not_be_read_never_open()
    {
        var world =
            Open("2027-03-28T01:00:00Z") with { Windows = Calendar(sunday with { TimeZone = "Europe/Atlantis" }) };
        Look("WorkloadsQuiesced", world).ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe("WindowTooShort");
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(-1, -5)]
    [InlineData(0, 0)]
    public void An_estimate_of_nonsense_is_a_time(long objects, long bytes)
    {
        var seen = new SurveyResult
        {
            Objects = objects,
            Bytes = bytes,
            RecentObjects = long.MaxValue,
            RecentBytes = long.MinValue,
        };
        DeltaEstimate.Of(new CopyMade(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, seen), DateTimeOffset.MaxValue)
            .ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365));
    }

    private static Finding Look(string rung, MigrationWorld world) =>
        MigrationLadder.Rungs.Single(one => one.Condition == rung).Look(world);

    private static Act Act(string rung, MigrationWorld world) =>
        Look(rung, world).ShouldBeOfType<Finding.Lacks>().Remedy;

    private static MigrationWorld Fenced(string now, string since) =>
        Open(now) with
        {
            Source = Fact.Seen(new SourceFacts(true, false, "f1", Time(since))),
            Workloads = Fact.Seen(new WorkloadState(0, 2)),
        };

    private static MigrationWorld Copied(string now, TimeSpan? took = null)
    {
        var world = Open(now);
        var seen = new SurveyResult
        {
            Objects = 70_000,
            Bytes = 70_000_000,
            RecentObjects = 7_000,
            RecentBytes = 7_000_000,
            IsWhole = true,
        };
        var began = Time("2027-03-27T01:00:00Z")!.Value;
        return world with
        {
            Copies = Fact.Seen<IReadOnlyList<CopyFacts>>(
                [new("bulk-spec", JobOutcome.Succeeded,
                    0) { Made = new(began, began + (took ?? TimeSpan.FromHours(4)), seen) }]),
        };
    }

    private static MigrationWorld Open(string now) => new()
    {
        Now = Time(now)!.Value,
        Scope = "scope",
        Spec = "spec",
        KeepSourceFor = TimeSpan.Zero,
        FenceTimeout = hour,
        FenceLiftedAt = Fact.Seen<DateTimeOffset?>(null),
        Quiesces = true,
        Windows = Calendar(sunday),
        Workloads = Fact.Seen(new WorkloadState(2, 0)),
        Source = Fact.Seen(new SourceFacts(true, false, null)),
        Receipt = Fact.Seen<ReceiptFacts?>(null),
        Served = Fact.Seen<ServedMark?>(null),
        Retired = Fact.Seen<string?>(null),
        Copies = Fact.Seen<IReadOnlyList<CopyFacts>>([new CopyFacts("bulk-spec", JobOutcome.Succeeded, 0)]),
        Binding = Fact.Seen<BindingFacts?>(null),
        WantedBinding = "binding",
    };

    private static MaintenanceCalendar? Calendar(MaintenanceWindow window) =>
        MaintenanceCalendar.Of(new EncryptedStoreSpec
        {
            Workloads = new WorkloadPolicy
            {
                DuringMigration = WorkloadPolicy.Window,
                Selector = new ByokOperator.Api.LabelSelector
                {
                    MatchLabels = new Dictionary<string, string> { ["app"] = "acme" },
                },
            },
            MaintenanceWindows = [window],
        });

    private static DateTimeOffset? Time(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
