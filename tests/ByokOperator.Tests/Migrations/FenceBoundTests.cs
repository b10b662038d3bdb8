using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

public sealed class FenceBoundTests
{
    private static readonly DateTimeOffset now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_fence_in_its_time_stands() =>
        Look("WritesFenced", Fenced(now - hour + TimeSpan.FromSeconds(1))).ShouldBeOfType<Finding.Holds>();

    [Fact]
    public void A_fence_whose_time_is_over_is_given_up() =>
        Act("WritesFenced", Fenced(now - hour)).ShouldBe(new MigrationAct.GiveUpFence("f1"));

    [Fact]
    public void A_fence_that_does_not_say_since_when_it_stands_is_given_up() =>
        Act("WritesFenced", Fenced(null)).ShouldBe(new MigrationAct.GiveUpFence("f1"));

    [Fact]
    public void A_fence_from_a_time_to_come_is_given_up() =>
        Act("WritesFenced", Fenced(now.AddYears(100))).ShouldBe(new MigrationAct.GiveUpFence("f1"));

    [Fact]
    public void A_fence_from_the_end_of_time_is_given_up_and_not_stumbled_over()
    {
        Act("WritesFenced", Fenced(DateTimeOffset.MaxValue)).ShouldBe(new MigrationAct.GiveUpFence("f1"));
        FenceBound.EndsAt(Fenced(DateTimeOffset.MaxValue)).ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void A_fence_that_a_receipt_names_stands_on() =>
        Look("WritesFenced",
            Fenced(now - hour) with { Receipt = Fact.Seen<ReceiptFacts?>(new("scope", "f1", "digest")) })
                .ShouldBeOfType<Finding.Holds>();

    [Theory]
    [InlineData("scope", "f0")]
    [InlineData("another", "f1")]
    public void A_receipt_for_something_else_does_not_hold_it_up(string scope, string fence) =>
        Act("WritesFenced", Fenced(now - hour) with { Receipt = Fact.Seen<ReceiptFacts?>(new(scope, fence, "digest")) })
            .ShouldBe(new MigrationAct.GiveUpFence("f1"));

    [Fact]
    public void A_fence_behind_which_readers_were_switched_stands_on() =>
        Look("WritesFenced", Fenced(now - hour) with { Served = Fact.Seen<ServedMark?>(new("digest", now)) })
            .ShouldBeOfType<Finding.Holds>();

    [Fact]
    public void Nothing_is_given_up_on_a_receipt_that_could_not_be_looked_at() =>
        Look("WritesFenced", Fenced(now - hour) with { Receipt = Fact.Blind<ReceiptFacts?>("Unreachable") })
            .ShouldBeOfType<Finding.Unseen>();

    [Fact]
    public void The_next_fence_waits_as_long_as_the_last_one_stood_and_says_until_when()
    {
        var waiting = Look("WritesFenced", Open(liftedAt: now - TimeSpan.FromMinutes(20)))
            .ShouldBeOfType<Finding.Pending>();
        (waiting.Reason, waiting.Recheck).ShouldBe(("FencePaused", TimeSpan.FromMinutes(40)));
        waiting.Message.ShouldEndWith($"{now + TimeSpan.FromMinutes(40):u}");
        Act("WritesFenced", Open(liftedAt: now - hour)).ShouldBe(new MigrationAct.RaiseFence("spec"));
    }

    [Fact]
    public void A_pause_from_a_time_to_come_is_none() =>
        Act("WritesFenced", Open(liftedAt: now.AddYears(1))).ShouldBe(new MigrationAct.RaiseFence("spec"));

    [Fact]
    public void Once_readers_were_switched_a_fence_that_is_gone_is_raised_without_a_pause() =>
        Act("WritesFenced", Open(liftedAt: now) with { Served = Fact.Seen<ServedMark?>(new("digest", now)) })
            .ShouldBe(new MigrationAct.RaiseFence("spec"));

    [Fact]
    public void What_was_held_still_runs_while_the_next_fence_waits()
    {
        var paused =
            Open(liftedAt: now) with { Quiesces = true, Workloads = Fact.Seen(new WorkloadState(0, SuspendedByUs: 2)) };
        Act("WorkloadsQuiesced", paused).ShouldBe(new MigrationAct.ReleaseWorkloads("spec"));
        Look("WorkloadsQuiesced", paused with { Workloads = Fact.Seen(new WorkloadState(2, 0)) })
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("FencePaused");
        MigrationLadder.IsQuiescing(paused).ShouldBeFalse();
        Act("WorkloadsQuiesced",
            paused with
            {
                FenceLiftedAt = Fact.Seen<DateTimeOffset?>(now - hour),
                Workloads = Fact.Seen(new WorkloadState(2, 0)),
            })
            .ShouldBe(new MigrationAct.QuiesceWorkloads("spec"));
    }

    /// <summary>On Azure it is raised blob by blob, and stops at one that somebody else leases:
    /// those before it are refused already.</summary>
    [Fact]
    public void A_fence_that_does_not_get_up_is_given_up_in_the_same_time()
    {
        Act("WritesFenced", Rising(now - hour + TimeSpan.FromSeconds(1))).ShouldBe(new MigrationAct.RaiseFence("spec"));
        FenceBound.EndsAt(Rising(now - TimeSpan.FromMinutes(20))).ShouldBe(now + TimeSpan.FromMinutes(40));
        var over = Look("WritesFenced", Rising(now - hour)).ShouldBeOfType<Finding.Lacks>();
        (over.Reason, over.Remedy).ShouldBe(("FenceTimedOut", new MigrationAct.GiveUpFence("f1")));
        Act("WritesFenced", Rising(now - hour) with { Served = Fact.Seen<ServedMark?>(new("digest", now)) })
            .ShouldBe(new MigrationAct.RaiseFence("spec"));
        Act("WorkloadsQuiesced",
            Rising(now) with
            {
                Quiesces = true,
                FenceLiftedAt = Fact.Seen<DateTimeOffset?>(now),
                Workloads = Fact.Seen(new WorkloadState(2, 0)),
            })
            .ShouldBe(new MigrationAct.QuiesceWorkloads("spec"));
    }

    /// <summary>The tenant revoked its key in the middle of a delta:
    /// that holds nobody off the shared place for longer than a delta may.</summary>
    [Fact]
    public void The_fence_of_a_store_that_is_closed_meanwhile_is_given_up_when_its_time_is_over()
    {
        var closed = Worlds.Closed with
        {
            Now = now,
            ReportInterval = TimeSpan.FromDays(1),
            Report = Fact.Seen<ReportFacts?>(new(now, null, [], StoreVerdict.Closed)),
        };
        StorePlan.Choose(closed with { Migration = Fenced(now - TimeSpan.FromMinutes(20)) }).LookAgainWithin
            .ShouldBe(TimeSpan.FromMinutes(40) + TimeSpan.FromSeconds(1));
        var over = closed with { Migration = Fenced(now - hour) };
        StorePlan.Choose(over).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldBe(new MigrationAct.GiveUpFence("f1"));
        StorePlan.Choose(over with { IsPaused = true }).Steps.ShouldHaveSingleItem().ShouldNotBeOfType<Step.Take>();
    }

    private static Finding Look(string rung, MigrationWorld world) =>
        MigrationLadder.Rungs.Single(one => one.Condition == rung).Look(world);

    private static Act Act(string rung, MigrationWorld world) =>
        Look(rung, world).ShouldBeOfType<Finding.Lacks>().Remedy;

    private static MigrationWorld Fenced(DateTimeOffset? since) =>
        World(new SourceFacts(true, false, "f1", since), null);

    private static MigrationWorld Rising(DateTimeOffset since) =>
        World(new SourceFacts(true, false, null, since) { Rising = "f1" }, null);

    private static MigrationWorld Open(DateTimeOffset liftedAt) => World(new SourceFacts(true, false, null), liftedAt);

    private static MigrationWorld World(SourceFacts source, DateTimeOffset? liftedAt) => new()
    {
        Now = now,
        Scope = "scope",
        Spec = "spec",
        KeepSourceFor = TimeSpan.Zero,
        FenceTimeout = hour,
        FenceLiftedAt = Fact.Seen(liftedAt),
        Quiesces = false,
        Workloads = Fact.Seen(new WorkloadState(0, 0)),
        Source = Fact.Seen(source),
        Receipt = Fact.Seen<ReceiptFacts?>(null),
        Served = Fact.Seen<ServedMark?>(null),
        Retired = Fact.Seen<string?>(null),
        Copies = Fact.Seen<IReadOnlyList<CopyFacts>>([new CopyFacts("bulk-spec", JobOutcome.Succeeded, 0)]),
        Binding = Fact.Seen<BindingFacts?>(null),
        WantedBinding = "binding",
    };
}
