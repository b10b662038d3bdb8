using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Returning;

/// <summary>A way back that is to be planned: told, with everything in its way, and not begun.</summary>
public sealed class ReturnPlanTests
{
    private static readonly MoveCounts counts = Counted(Version("acme/a", 5), Version("acme/b", 6L << 30));

    private static readonly StoreWorld planned = ReturnWorlds.Confirmed.With(back =>
        back with { IsPlanned = true, Plan = Fact.Seen(new PlanFacts("f", Worlds.Noon, counts)) });

    [Fact]
    public void Nothing_is_begun_and_the_store_goes_on()
    {
        var plan = StorePlan.Choose(planned);
        plan.Steps.ShouldAllBe(step => step is Step.Rest);
        Told(planned).ShouldBeOfType<Finding.Deferred>().Reason.ShouldBe("ReturnPlanned");
        Told(planned).ShouldBeOfType<Finding.Deferred>().Message.ShouldNotContain("annotate");
        Told(planned.With(back => back with { IsConfirmed = false })).ShouldBeOfType<Finding.Deferred>().Message
            .ShouldContain("byok.dev/confirm-return: store/key");
        StorePlan.Choose(planned with { Binding = Fact.Seen<BindingFacts?>(null) }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<StoreAct.Bind>();
    }

    [Fact]
    public void While_it_is_counted_the_next_slice_comes_soon()
    {
        var counting = planned.With(back =>
            back with { Plan = Fact.Seen(new PlanFacts("f", CountedAt: null, counts)) });
        var deferred = Told(counting).ShouldBeOfType<Finding.Deferred>();
        (deferred.Reason, deferred.Recheck).ShouldBe(("ReturnNotCounted", PlanLadder.NextSlice));
        Told(planned.With(back => back with { Plan = Fact.Blind<PlanFacts>("Throttled") }))
            .ShouldBeOfType<Finding.Unseen>().Reason.ShouldBe("Throttled");
    }

    [Fact]
    public void A_revocation_closes_it_all_the_same_and_a_deletion_waits_for_it()
    {
        StorePlan.Choose(planned with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon }).Name
            .ShouldBe(StorePlan.Closing);
        var deleted = (planned with { IsDeleting = true, IsClaimed = true })
            .With(back => back with { IsByDeletion = true });
        var plan = StorePlan.Choose(deleted);
        (plan.Name, plan.Steps.ShouldHaveSingleItem()).ShouldSatisfyAllConditions(
            () => plan.Name.ShouldBe(StorePlan.Deleting), () => plan.Steps.ShouldAllBe(step => step is Step.Rest));
    }

    [Fact]
    public void What_was_begun_goes_on_whatever_the_mode_says_by_now()
    {
        var written = Store();
        var record = new StoreRecord
        {
            Return = ReturnWorlds.Known,
            Place = new StoredPlace("key", "eu-west-1", null, null, null),
        };
        ReturnWorld.Of(written, written, record)!.IsPlanned.ShouldBeFalse();
        ReturnWorld.Of(written, written, record with { Return = null })!.IsPlanned.ShouldBeTrue();
        var run = written with { Spec = written.Spec with { Migration = new MigrationPolicy() } };
        ReturnWorld.Of(run, run, record with { Return = null })!.IsPlanned.ShouldBeFalse();
    }

    [Fact]
    public void Copies_are_read_under_the_tenant_s_key_and_written_under_what_the_place_encrypts_by()
    {
        var plan = Of(planned.Return!);
        (plan.Objects, plan.Bytes, plan.LargestBytes, plan.State).ShouldBe((2, (6L << 30) + 5, 6L << 30, "Complete"));
        (Count(plan, "kms:Decrypt"), Count(plan, "kms:GenerateDataKey")).ShouldBe((1 + 24, 0));
        var under = Of(planned.Placed(place => place with { Default = new("aws:kms", "arn:k", false) }).Return!);
        (Count(under, "kms:Decrypt"), Count(under, "kms:GenerateDataKey")).ShouldBe((1 + 24 + 25, 2));
        var bundled = Of(planned.Placed(place => place with { Default = new("aws:kms", "arn:k", true) }).Return!);
        (Count(bundled, "kms:Decrypt"), Count(bundled, "kms:GenerateDataKey")).ShouldBe((1 + 24, 0));
        var cheap = Store();
        cheap = cheap with { Spec = cheap.Spec with { Aws = cheap.Spec.Aws! with { BucketKey = "On" } } };
        Count(ReturnPlanner.Of(cheap, Facts(counts), planned.Return!), "kms:Decrypt").ShouldBe(0);
    }

    [Fact]
    public void Everything_that_stands_in_the_way_is_told_together()
    {
        var cold = new CloudProblem.Refused("ObjectArchived", "GLACIER") { Fix = "restore it" };
        var held = Counted(Version("acme/cold", 1) with { Obstacle = cold }, Version("acme/held", 1) with
        {
            IsLeased = true,
        });
        var facts = Facts(held) with { Beside = new("WrittenOutsidePrefix", "'x' is beside it", NeedsPerson: true) };
        var back = planned.Placed(place => place with
        {
            IsEmpty = false, LosesVersions = true, IsUnderTenantKey = true,
            Unfit = new("HierarchicalNamespace", "no data goes there"),
        }).Return! with
        {
            Source = new SharedDescription(true, true, false, null, UnfinishedUploads: 3, [])
            {
                FenceObstacle = new("PolicyTooLarge", "the bucket's policy has no room"), KeepsDeletedDays = 7,
            },
        };
        ReturnPlanner.Of(Store(), facts, back).Obstacles!.Select(one => (one.Reason, one.Count)).ShouldBe([
            ("HierarchicalNamespace", 1), ("SharedPlaceNotEmpty", 1), ("SharedPlaceKeepsNoVersions", 1),
            ("SharedPlaceUnderTenantKey", 1), ("WrittenOutsidePrefix", 1), ("PolicyTooLarge", 1), ("KeptDeleted", 1),
            ("UnfinishedUploads", 3), ("LeasedByAnother", 1), ("ObjectArchived", 1)]);
        Of(planned.Placed(place => place with { Exists = false, IsEmpty = false }).Return!).Obstacles!
            .ShouldHaveSingleItem().Reason.ShouldBe("SharedPlaceMissing");
        Of(planned.Placed(place => place with { Default = null }).Return!).Obstacles!
            .ShouldHaveSingleItem().Reason.ShouldBe("SharedDefaultUnclear");
    }

    private static MovePlan Of(ReturnWorld back) => ReturnPlanner.Of(Store(), Facts(counts), back);

    private static PlanFacts Facts(MoveCounts of) => new("f", Worlds.Noon, of);

    private static long Count(MovePlan plan, string action) =>
        plan.Requests!.SingleOrDefault(one => one.Action == action)?.Count ?? 0;

    private static Finding Told(StoreWorld world) =>
        StorePlan.Choose(world).Rungs.Single(rung => rung.Condition == "ReturnConfirmed").Look(world);

    private static MoveCounts Counted(params ObjectVersion[] versions)
    {
        var counted = new MoveCounts();
        foreach (var version in versions)
        {
            counted.Add([version], CopyShape.Of(CloudKind.Aws));
        }

        return counted;
    }

    private static ObjectVersion Version(string key, long size) =>
        new(key, "v", "e", size, Worlds.Noon, IsDeleteMarker: false, IsLatest: true, StorageClass: null, "CRC64NVME");

    private static EncryptedStore Store() => new()
    {
        Metadata = new ObjectMeta { Name = "store", Namespace = "tenant", Uid = "uid" },
        Spec = new()
        {
            Aws = new AwsStore { Region = "eu-west-1" },
            Shared = new SharedLocation { Aws = new AwsSharedLocation { Bucket = "platform", Prefix = "acme/" } },
            Migration = new MigrationPolicy { Mode = MigrationPolicy.Plan },
        },
    };
}
