using ByokOperator.Api;
using ByokOperator.Overview;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Overview;

public sealed class PlanTextTests
{
    [Fact]
    public void A_plan_is_told_with_figures_requests_and_what_stands_in_the_way() => PlanText.Of(Store(new MovePlan
    {
        State = "Complete",
        CountedAt = DateTimeOffset.UnixEpoch,
        Objects = 1_234_567,
        Versions = 2_000_000,
        DeleteMarkers = 3,
        Bytes = 5L << 40,
        LargestBytes = 3L << 29,
        EstimatedDuration = "2h10m",
        BoundBy = "writes: 3500 a second",
        Requests = [new() { Action = "s3:CopyObject", Count = 2_000_000 },
            new() { Action = "kms:GenerateDataKey", Count = 2_000_000 }],
        Obstacles =
        [
            new() { Reason = "ObjectArchived", Count = 12, Message = "'acme/a\u001b[2J': it is archived: restore it" },
        ],
    })).ShouldBe("""
        acme/store: counted at 1970-01-01 00:00:00Z
          objects         1,234,567 (2,000,000 versions, 3 delete markers)
          bytes           5 TiB, the largest 1.5 GiB
          takes about     2h10m, bound by writes: 3500 a second
          requests
            s3:CopyObject                      2,000,000
            kms:GenerateDataKey                2,000,000
          in the way
            ObjectArchived (12): 'acme/a\u001b[2J': it is archived: restore it

        """.Replace("\r", "", StringComparison.Ordinal));

    [Fact]
    public void Where_there_is_none_it_says_what_to_do()
    {
        PlanText.Of(Store(null))
            .ShouldBe("acme/store: no plan: set spec.migration.mode to Plan before the store is made, or before its "
                + "data goes back\n");
        PlanText.Of(
            Store(null) with
            {
                Spec = new EncryptedStoreSpec { Migration = new MigrationPolicy { Mode = MigrationPolicy.Plan } },
            })
            .ShouldBe("acme/store: no plan yet: the operator has not looked at it\n");
    }

    private static EncryptedStore Store(MovePlan? plan) =>
        new()
        {
            Metadata = new ObjectMeta { Namespace = "acme", Name = "store" },
            Status = new EncryptedStoreStatus { Plan = plan },
        };
}
