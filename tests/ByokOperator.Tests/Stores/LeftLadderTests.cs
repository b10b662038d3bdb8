using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Migrations;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>A store whose object is gone, and one whose namespace goes.</summary>
public sealed class LeftLadderTests
{
    private static readonly StoreWorld Left = Worlds.Open with
    {
        IsRecordedOnly = true, IsClaimed = false, CopyJobs = Fact.Seen(0), IsGranted = Fact.Seen(false),
        Binding = Fact.Seen<BindingFacts?>(null),
        Workloads = Fact.Seen(new WorkloadState(0, 0)),
    };

    private static readonly StoreWorld Going = Worlds.Open with
    {
        IsDeleting = true, IsNamespaceGoing = true, CopyJobs = Fact.Seen(0), IsRetentionRecorded = Fact.Seen(true),
    };

    [Fact]
    public void What_is_left_behind_is_left_alone_while_its_key_is_good() => ActsOf(Left).ShouldBeEmpty();

    [Fact]
    public void What_is_left_behind_loses_its_grant_and_its_copies() =>
        (ActsOf(Left with { CopyJobs = Fact.Seen(1) }).Single(),
            ActsOf(Left with { IsGranted = Fact.Seen(true) }).Single())
            .ShouldBe((new StoreAct.StopCopies("uid"), new StoreAct.RevokeGrant("uid")));

    [Fact]
    public void The_writers_of_what_is_left_behind_get_their_source_back_whatever_its_key_says()
    {
        var fenced = Left with { LeftFence = Fact.Seen<string?>("f1") };
        ActsOf(fenced).ShouldBe([new MigrationAct.LiftFence("f1")]);
        ActsOf(
            fenced with
            {
                Key = Worlds.Revoked.Key,
                Target = Worlds.Closed.Target,
                ClosingSince = Worlds.Noon,
                Closure = new StoreClosure(Worlds.Noon),
            }).ShouldBe([new MigrationAct.LiftFence("f1")]);
        ActsOf(fenced with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon })
            .ShouldBe([new StoreAct.DenyTarget("uid")], "closing comes first");
    }

    [Fact]
    public void A_record_that_says_where_a_fence_stands_does_not_end_before_that_is_lifted()
    {
        var gone = Left with { Target = Fact.Seen(TargetFacts.Absent), IsLongAbsent = true };
        ActsOf(gone with { LeftFence = Fact.Seen<string?>("f1") }).ShouldBe([new MigrationAct.LiftFence("f1")]);
        ActsOf(gone with { LeftFence = Fact.Blind<string?>("Unreachable") }).ShouldBe([new StoreAct.EndRecord("uid")]);
    }

    [Fact]
    public void A_record_that_says_where_a_grant_stands_does_not_end_before_that_is_gone()
    {
        var gone = Left with { Target = Fact.Seen(TargetFacts.Absent), IsLongAbsent = true };
        ActsOf(gone with { IsGranted = Fact.Seen(true) }).ShouldBe([new StoreAct.RevokeGrant("uid")]);
    }

    [Fact]
    public void What_is_left_behind_is_closed_with_its_key_and_reported_nowhere() =>
        ActsOf(Left with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon })
            .ShouldBe([new StoreAct.DenyTarget("uid")]);

    [Fact]
    public void What_is_left_behind_and_closed_is_not_opened_by_a_key_that_came_back() =>
        ActsOf(Left with { Target = Worlds.Closed.Target }).ShouldBeEmpty();

    [Fact]
    public void A_record_ends_when_nothing_stood_in_its_place_for_long_whatever_the_key_says()
    {
        var gone = Left with { Target = Fact.Seen(TargetFacts.Absent), IsLongAbsent = true };
        ActsOf(gone).ShouldBe([new StoreAct.EndRecord("uid")]);
        ActsOf(gone with { Key = Worlds.Revoked.Key }).ShouldBe([new StoreAct.EndRecord("uid")]);
        ActsOf(gone with { IsLongAbsent = false }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(nameof(StoreOwnership.Absent), true)]
    [InlineData(nameof(StoreOwnership.Stranger), true)]
    [InlineData(nameof(StoreOwnership.Forbidden), true)]
    [InlineData(nameof(StoreOwnership.Unmarked), true)]
    [InlineData(nameof(StoreOwnership.Ours), false)]
    public void A_record_of_a_place_that_the_platform_deleted_ends_unless_the_owner_tag_says_otherwise(
        string ownership, bool ends)
    {
        var released = Left.With(Enum.Parse<StoreOwnership>(ownership)) with { IsReleased = true };
        ActsOf(released).ShouldBe(ends ? [new StoreAct.EndRecord("uid")] : []);
        ActsOf(released with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon })
            .ShouldBe(ends ? [new StoreAct.EndRecord("uid")] : [new StoreAct.DenyTarget("uid")]);
        ActsOf(released with { IsRecordedOnly = false, Target = Fact.Seen(TargetFacts.Absent) })
            .ShouldNotContain(new StoreAct.EndRecord("uid"), "the object is there to be deleted");
    }

    [Fact]
    public void A_record_of_two_buckets_does_not_end_while_the_other_one_bears_its_tag()
    {
        var other = new NextWorld
        {
            Known = new StoreBucket(2, "second", "k2"), Name = "byok-2",
            Other = Fact.Seen(new TargetFacts(StoreOwnership.Ours, [], IsDenied: false)),
        };
        var released = Left.With(StoreOwnership.Absent) with { IsReleased = true, Next = other };
        ActsOf(released).ShouldBeEmpty("the copy may be all that is left");
        var left = new StoreBucket(2, "second", "k2") { ServedAt = Worlds.Noon, Receipt = "r1" };
        ActsOf(released with { Next = other with { Known = left } }).ShouldBeEmpty();
        ActsOf(released with { Next = other with { Other = Fact.Seen(TargetFacts.Absent) } })
            .ShouldBe([new StoreAct.EndRecord("uid")]);
    }

    [Fact]
    public void The_writers_get_their_source_back_from_a_fence_that_never_got_up_too() =>
        ActsOf(
            Going with
            {
                Migration = MoveWorlds.Begun with
                {
                    Source = Fact.Seen(
                        new SourceFacts(Exists: true, IsEmpty: false, Fence: null, Worlds.Noon) { Rising = "f1" }),
                },
            })
            .ShouldContain(new MigrationAct.LiftFence("f1"));

    [Theory]
    [InlineData(DeletionPolicies.Retain)]
    [InlineData(DeletionPolicies.Delete)]
    public void A_namespace_that_goes_waits_for_nobody(string policy) =>
        ActsOf(
            Going with
            {
                DeletionPolicy = policy,
                Target = Fact.Blind<TargetFacts>("AccessDenied"),
                IsGranted = Fact.Blind<bool>("AccessDenied"),
            })
            .ShouldBe([new StoreAct.Release("uid")]);

    [Fact]
    public void What_stands_is_recorded_as_left_before_its_namespace_goes() =>
        ActsOf(Going with { IsRetentionRecorded = Fact.Seen(false) }).ShouldBe([new StoreAct.RecordRetention("uid")]);

    [Fact]
    public void A_record_that_cannot_be_written_does_not_hold_a_namespace_up() =>
        ActsOf(
            Going with
            {
                IsRetentionRecorded = Fact.Seen(false),
                RecordFault = new RecordedFault("RecordUnreadable", "nonsense"),
            })
            .ShouldBe([new StoreAct.Release("uid")]);

    [Fact]
    public void In_a_namespace_that_goes_a_closing_goes_out_beside_the_letting_go()
    {
        var acts = ActsOf(Going with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon });
        acts.ShouldContain(new StoreAct.DenyTarget("uid"));
        acts.ShouldContain(new StoreAct.Release("uid"));
    }

    private static IReadOnlyList<Act> ActsOf(StoreWorld world) =>
        [.. StorePlan.Choose(world).Steps.OfType<Step.Take>().Select(step => step.Act)];
}
