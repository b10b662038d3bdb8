using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Migrations;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What a count says of the move: requests by kind, how long, and what stands in the way.</summary>
public sealed class MovePlannerTests
{
    private const long GiB = 1L << 30;

    private static readonly CloudProblem.Refused archived =
        new("ObjectArchived", "GLACIER") { Fix = "it is archived: restore it" };

    [Fact]
    public void Every_version_is_a_copy_and_a_large_one_is_many()
    {
        var plan = Of([Version("a", 1), Version("a", 2, latest: false)], [Marker("b"), Version("b", 3, latest: false)],
            [Version("c", 6 * GiB)]);
        (plan.Objects, plan.Versions, plan.DeleteMarkers, plan.Bytes,
            plan.LargestBytes).ShouldBe((2, 4, 1, (6 * GiB) + 6, 6 * GiB));
        Count(plan, "s3:CopyObject").ShouldBe(3);
        Count(plan, "s3:CreateMultipartUpload").ShouldBe(1);
        Count(plan, "s3:UploadPartCopy").ShouldBe(24);
        Count(plan, "s3:CompleteMultipartUpload").ShouldBe(1);
        Count(plan, "s3:HeadObject").ShouldBe(4);
        Count(plan, "s3:DeleteObject").ShouldBe(1);
        Count(plan, "kms:GenerateDataKey").ShouldBe(4);
        Count(plan, "kms:Decrypt").ShouldBe(25);
    }

    [Fact]
    public void A_bucket_key_asks_the_tenants_key_seldom() =>
        Of(spec => spec with { Aws = spec.Aws! with { BucketKey = "On" } },
            [Version("a", 1)]).Requests!.ShouldAllBe(one => !one.Action.StartsWith("kms:", StringComparison.Ordinal));

    [Fact]
    public void The_duration_is_what_the_scarcest_quota_leaves()
    {
        var small = Counts([Version("a", 1)]);
        MovePlanner.Of(Store(), new PlanFacts("f", DateTimeOffset.UnixEpoch, small), null).EstimatedDuration
            .ShouldBe("1m");
        var large = Of(spec => spec with { Migration = spec.Migration with { Parallelism = 1 } },
            [.. Enumerable.Range(0, 100).Select(number => (ObjectVersion[])[Version($"{number}", 1000 * GiB)])]);
        (large.EstimatedDuration, large.BoundBy).ShouldBe(("149h7m", "bytes: 200 MB a second for each of 1 workers"));
    }

    [Fact]
    public void All_that_can_never_be_copied_is_told_together_with_the_first_names_and_the_mend()
    {
        var plan = Of(
            [.. Enumerable.Range(1, 5)
                .Select(number => (ObjectVersion[])[Version($"old/{number}", 1) with { Obstacle = archived }]),
                    [Version("huge", 6L << 40)]]);
        plan.Obstacles!.Select(one => (one.Reason, one.Count, one.Message)).ShouldBe(
        [
            ("ObjectArchived", 5,
                "'acme/old/1' (version v), 'acme/old/2' (version v), 'acme/old/3' (version v), ...: it is archived: "
                    + "restore it"),
            ("ObjectTooLarge", 1, "'acme/huge' (version v): it is larger than a copy can be: split it"),
        ]);
    }

    [Fact]
    public void A_lease_of_somebody_else_is_in_the_way_of_the_fence() =>
        Of([Version("a", 1) with { IsLeased = true }], [Version("b", 1)]).Obstacles!.ShouldHaveSingleItem()
            .ShouldBe(
                new PlanObstacle
                {
                    Reason = "LeasedByAnother",
                    Count = 1,
                    Message =
                        "'acme/a' (version v): somebody else holds a lease on it, and no write fence goes over that: "
                            + "have it released",
                });

    [Fact]
    public void What_stands_in_the_way_of_the_fence_is_told_before_anything_is_moved()
    {
        var shared = new SharedDescription(true, true, false, null, UnfinishedUploads: 2, [])
        {
            FenceObstacle = new("PolicyFull", "no room"),
            KeepsDeletedDays = 7,
        };
        MovePlanner.Of(Store(), new PlanFacts("f", null, Counts([])),
            shared).Obstacles!.Select(one => (one.Reason, one.Count))
                .ShouldBe([("PolicyFull", 1), ("KeptDeleted", 1), ("UnfinishedUploads", 2)]);
    }

    [Fact]
    public void A_name_that_a_terminal_would_obey_is_not_told_as_it_is() =>
        Of([Version("\u001b[31m", 1) with { Obstacle = archived }]).Obstacles!.ShouldHaveSingleItem().Message
            .ShouldStartWith("'acme/\\u001B[31m'");

    private static long Count(MovePlan plan, string action) => plan.Requests!.Single(one => one.Action == action).Count;

    private static MovePlan Of(params ObjectVersion[][] keys) => Of(spec => spec, keys);

    private static MovePlan Of(Func<EncryptedStoreSpec, EncryptedStoreSpec> change, params ObjectVersion[][] keys) =>
        MovePlanner.Of(Store(change), new PlanFacts("f", DateTimeOffset.UnixEpoch, Counts(keys)), null);

    private static MoveCounts Counts(params ObjectVersion[][] keys)
    {
        var tally = new MoveCounts();
        foreach (var key in keys)
        {
            tally.Add(key, CopyShape.Of(CloudKind.Aws));
        }

        return tally;
    }

    private static EncryptedStore Store(Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null)
    {
        var spec = new EncryptedStoreSpec { Aws = new AwsStore { Region = "eu-west-1" } };
        return new EncryptedStore { Spec = change?.Invoke(spec) ?? spec };
    }

    private static ObjectVersion Version(string name, long size, bool latest = true) =>
        new($"acme/{name}", "v", "e", size, DateTimeOffset.UnixEpoch, false, latest, null, "CRC64NVME");

    private static ObjectVersion Marker(string name) =>
        new($"acme/{name}", "m", "", 0, DateTimeOffset.UnixEpoch, true, true, null);
}
