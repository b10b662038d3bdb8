using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using Cloud;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>A copy that ended for good: told at once, ended where the server does not end it,
/// and tried again in good time.</summary>
public sealed class RefusedCopyTests
{
    private static readonly DateTimeOffset now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Objects_that_can_not_be_copied_are_told_with_what_to_do_and_when_it_is_tried_again()
    {
        var stuck = Bulk(World(Refused(JobOutcome.Failed, now.AddMinutes(-2)))).ShouldBeOfType<Finding.Stuck>();
        stuck.Reason.ShouldBe("ObjectsRefused");
        stuck.Message.ShouldBe(
            "2 objects can't be copied: 'acme/a': restore it. It is tried again at 2026-08-01 12:08:00Z, or as soon "
                + "as the annotation byok.dev/reconcile-at is set anew");
    }

    [Fact]
    public void A_Job_that_an_older_server_does_not_end_is_ended() =>
        Act(World(Refused(JobOutcome.Running, now))).ShouldBe(new MigrationAct.StopCopy("bulk-spec"));

    [Fact]
    public void Jobs_that_are_deleted_already_are_waited_for_and_not_deleted_at_every_look()
    {
        Bulk(World(Refused(JobOutcome.Running, now) with { IsEnding = true }))
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("CopyRefused");
        Bulk(World(new CopyFacts("delta-spec-f0", JobOutcome.Running, 0, HasJob: true) { IsEnding = true }))
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("OtherCopyRuns");
    }

    [Fact]
    public void What_ended_for_another_reason_is_told_too()
    {
        var copy = Refused(JobOutcome.Failed,
            now) with { Refusal = new CopyRefusal { Attempt = 1, At = now, Reason = "the target holds 'x'" } };
        var stuck = Bulk(World(copy)).ShouldBeOfType<Finding.Stuck>();
        (stuck.Reason,
            stuck.Message.StartsWith("the target holds 'x'. It is",
                StringComparison.Ordinal)).ShouldBe(("CopyRefused", true));
    }

    [Theory]
    [InlineData(true, 11, false)]
    [InlineData(false, 11, false)]
    [InlineData(true, 0, true)]
    public void It_is_tried_again_after_a_while_or_when_somebody_asks_and_by_another_name(
        bool hasJob, int minutes, bool isAsked) =>
        Act(
            World(Refused(hasJob ? JobOutcome.Failed : JobOutcome.Absent, now.AddMinutes(-minutes))) with
            {
                IsAsked = isAsked,
            }).ShouldBe(new MigrationAct.StartCopy("bulk-spec", 4, null, null));

    [Theory]
    [InlineData(14, 14, null)]
    [InlineData(16, 16, "a worker, of which nothing was heard since 2026-08-01 11:44:00Z")]
    [InlineData(1, 359, null)]
    [InlineData(1, 361, "an object that does not get done since 2026-08-01 05:59:00Z")]
    public void A_copy_that_gets_on_no_more_says_what_it_waits_for_and_since_when(
        int heardMinutes, int advancedMinutes, string? waits)
    {
        var copy = new CopyFacts("bulk-spec", JobOutcome.Running, 0)
        {
            HeardAt = now.AddMinutes(-heardMinutes),
            AdvancedAt = now.AddMinutes(-advancedMinutes),
        };
        if (waits is null)
        {
            Bulk(World(copy)).ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("CopyRunning");
            return;
        }

        var stuck = Bulk(World(copy)).ShouldBeOfType<Finding.Stuck>();
        stuck.Reason.ShouldBe("MoveStalled");
        stuck.Message.ShouldContain(waits);
    }

    [Fact]
    public void Nothing_begins_where_a_place_is_of_a_kind_that_nothing_can_be_moved_from()
    {
        var world = World(null) with
        {
            Source = Fact.Seen(
                new SourceFacts(true, false,
                    null) { Unfit = new CloudProblem.Refused("HierarchicalNamespace", "flat ones only") }),
        };
        Bulk(world).ShouldBe(new Finding.Stuck("HierarchicalNamespace", "flat ones only"));
    }

    [Fact]
    public void A_Job_ends_by_the_exit_codes_that_mean_for_good_and_by_no_other()
    {
        var order = new CopyOrderForJob(new ObjectKey("acme", "store"), "0123456789", "bulk-1", 1, 2, ["copy"]);
        var policy = CopyJob.For(order, new CopyPodOptions { Image = "i" }, "byok-system", indexed: true)
            .Single().Spec.PodFailurePolicy!;
        var ends = policy.Rules!.Single(rule => rule.Action == "FailJob").OnExitCodes!;
        ends.Values.ShouldBe(Enum.GetValues<CopyExit>().Except([CopyExit.Done, CopyExit.Retry, CopyExit.Terminated])
            .Select(exit => (int)exit));
        policy.Rules!.Single(rule => rule.Action == "Ignore").OnPodConditions!.Single().Type
            .ShouldBe("DisruptionTarget");
    }

    /// <summary>Kueue holds what has its label; a copy behind a fence is what writers wait for.</summary>
    [Fact]
    public void A_copy_waits_in_the_queue_that_was_named_unless_writers_wait_for_it()
    {
        const string Label = "kueue.x-k8s.io/queue-name";
        var order = new CopyOrderForJob(new ObjectKey("acme", "store"), "0123456789", "bulk-1", 1, 2, ["copy"]);
        var pods = new CopyPodOptions { Image = "i", Queue = "copies" };
        foreach (var job in CopyJob.For(order, pods, "byok-system", indexed: true)
            .Concat(CopyJob.For(order, pods, "byok-system", indexed: false)))
        {
            job.Metadata.Labels![Label].ShouldBe("copies");
            job.Spec.Template!.Metadata!.Labels!.ContainsKey(Label).ShouldBeFalse("the Job waits, not each pod");
        }

        foreach (var job in CopyJob.For(order with { IsUrgent = true }, pods, "byok-system", indexed: true)
            .Concat(CopyJob.For(order, pods with { Queue = null }, "byok-system", indexed: true)))
        {
            job.Metadata.Labels!.ContainsKey(Label).ShouldBeFalse();
        }
    }

    private static CopyFacts Refused(JobOutcome outcome, DateTimeOffset at) =>
        new("bulk-spec", outcome, 0, outcome != JobOutcome.Absent)
        {
            Refusal = new CopyRefusal
            {
                Attempt = 3,
                At = at,
                Count = 2,
                Objects = [new RefusedObject("acme/a", null, "ObjectArchived", "restore it")],
            },
        };

    private static Finding Bulk(MigrationWorld world) =>
        MigrationLadder.Rungs.Single(one => one.Condition == "BulkCopied").Look(world);

    private static Act Act(MigrationWorld world) => Bulk(world).ShouldBeOfType<Finding.Lacks>().Remedy;

    private static MigrationWorld World(CopyFacts? copy) => MoveWorlds.Begun with
    {
        Now = now, Copies = Fact.Seen<IReadOnlyList<CopyFacts>>(copy is null ? [] : [copy]), WantedBinding = "binding",
    };
}
