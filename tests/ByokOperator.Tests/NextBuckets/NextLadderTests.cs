using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.NextBuckets;

/// <summary>What each rung of a move to the next bucket says of each state of the other bucket.</summary>
public sealed class NextLadderTests
{
    private static readonly StoreBucket next = new(2, "second", "arn") { BegunAt = Worlds.Noon };

    private static readonly StoreBucket left =
        next with { Number = 1, KeyName = "key", Receipt = "r", ServedAt = Worlds.Noon };

    [Theory]
    [InlineData((int)StoreOwnership.Absent, "NextBucketNotPrepared")]
    [InlineData((int)StoreOwnership.Ours, "NextBucketNotPrepared")]
    [InlineData((int)StoreOwnership.Stranger, "NameTaken")]
    [InlineData((int)StoreOwnership.Forbidden, "NameTaken")]
    public void The_next_bucket_is_made_where_nothing_stands_and_a_stranger_s_is_left_alone(int whose, string reason) =>
        Reason(NextLadder.Moving, "NextBucketPrepared", World(next, whose)).ShouldBe(reason);

    [Fact]
    public void The_old_bucket_goes_once_everything_in_it_was_retired()
    {
        const int ours = (int)StoreOwnership.Ours;
        Reason(NextLadder.Moving, "OldKeyReleased", World(next, ours)).ShouldBe("OldBucketInUse");
        Reason(NextLadder.Moving, "OldKeyReleased", World(left, ours)).ShouldBe("OldBucketInUse");
        var retired = left with { RetiredAt = Worlds.Noon };
        Reason(NextLadder.Moving, "OldKeyReleased", World(retired, ours)).ShouldBe("OldBucketStands");
        Reason(NextLadder.Moving, "OldKeyReleased", World(retired, (int)StoreOwnership.Stranger)).ShouldBe("NameTaken");
    }

    [Fact]
    public void What_was_begun_is_taken_back_bucket_first_and_after_the_switch_no_more()
    {
        const int ours = (int)StoreOwnership.Ours;
        var world = World(next, ours) with { WantedKey = null };
        NextLadder.IsTakenBack(world).ShouldBeTrue();
        Reason(NextLadder.TakingBack, "OtherBucketDeleted", world).ShouldBe("OtherBucketStands");
        Reason(NextLadder.TakingBack, "MoveGivenUp", world).ShouldBe("MoveOnRecord");
        NextLadder.IsTakenBack(World(left, ours) with { WantedKey = null }).ShouldBeFalse();
        NextLadder.IsTakenBack(World(next, ours)).ShouldBeFalse();
    }

    [Theory]
    [InlineData((int)StoreOwnership.Ours, "OtherBucketOpen", "OtherBucketOpen")]
    [InlineData((int)StoreOwnership.Unmarked, "OtherBucketOpen", "OtherBucketOpen")]
    [InlineData((int)StoreOwnership.Stranger, "TargetNotOurs", "TargetNotOurs")]
    [InlineData((int)StoreOwnership.Absent, null, "TargetMissing")]
    public void A_store_is_closed_once_either_bucket_is(int whose, string? before, string after)
    {
        foreach (var (bucket, reason) in new[] { (next, before), (left, after) })
        {
            var world = World(bucket, whose);
            var rung = ClosingLadder.For(world).Single(one => one.Condition == "OtherBucketDenied");
            (rung.Look(world) is Finding.Holds).ShouldBe(reason is null);
            if (reason is not null)
            {
                Reason(ClosingLadder.For(world), "OtherBucketDenied", world).ShouldBe(reason);
                ClosingLadder.IsClosed(world).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void A_denied_one_is_opened_with_the_store_and_nothing_is_where_no_record_tells_which_is_which()
    {
        var denied = World(next, (int)StoreOwnership.Ours, isDenied: true);
        NextLadder.OtherAllowed(denied).ShouldBe(new Finding.Lacks("OtherBucketDenied", new NextAct.AllowOther(2)));
        Reason(NextLadder.Moving, "SpecValid", World(next with { KeyId = "" }, (int)StoreOwnership.Ours))
            .ShouldBe("BucketsUnclear");
    }

    private static StoreWorld World(StoreBucket known, int whose, bool isDenied = false) => Worlds.Open with
    {
        WantedKey = "second",
        Next = new NextWorld
        {
            Known = known,
            Name = "byok-2",
            Other = Fact.Seen(new TargetFacts((StoreOwnership)whose, [], isDenied)),
            IsPinned = Fact.Seen(false),
        },
    };

    private static string Reason(IReadOnlyList<Rung<StoreWorld>> rungs, string rung, StoreWorld world) =>
        Ladder.Report(rungs, world).Single(one => one.Type == rung).Reason;
}
