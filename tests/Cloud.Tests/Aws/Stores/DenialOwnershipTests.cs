using Amazon.S3.Model;
using Cloud.Stores;
using Cloud.Tests.Contract;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

/// <summary>Whose buckets are closed, and what is seen of it.</summary>
public sealed class DenialOwnershipTests : IClassFixture<LocalCloudFixture>, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ContractWorld world;
    private readonly Closings closings;

    public DenialOwnershipTests(LocalCloudFixture local)
    {
        world = new ContractWorld(local.Server);
        closings = new Closings(world, local.Admin);
    }

    private IObjectStores Stores => world.Cloud.Stores;

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_store_that_lost_its_tag_is_closed_where_the_operator_recorded_its_place_and_nowhere_else()
    {
        var spec = await closings.StoreAsync();
        await world.Platform.DeleteBucketTaggingAsync(new DeleteBucketTaggingRequest { BucketName = spec.Store.Name });
        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, DenialOrder.ByTag, None))).Problem.Code
            .ShouldBe("NotOurs");

        await Stores.DenyAsync(spec, closings.Recorded, None);

        (await closings.IsShutAsync(spec)).ShouldBeTrue();
        var seen = await Stores.DescribeAsync(spec, None);
        (seen.Ownership, seen.IsDenied).ShouldBe((StoreOwnership.Unmarked, true));
        (await Should.ThrowAsync<CloudException>(() => Stores.AllowAsync(spec, closings.Kept, None))).Problem.Code
            .ShouldBe("NotOurs");
        (await Should.ThrowAsync<CloudException>(() => Stores.DeleteAsync(spec, None))).Problem.Code
            .ShouldBe("NotOurs");
    }

    [Theory]
    [InlineData(403, "AccessDenied", StoreOwnership.Forbidden)]
    [InlineData(400, "InvalidRequest", null)]
    public async Task A_store_whose_tags_can_not_be_read_is_closed_where_the_operator_recorded_its_place(
        int status, string code, StoreOwnership? ownership)
    {
        var spec = await closings.StoreAsync();
        closings.Refuse(spec, "GetBucketTagging", status, code);
        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, DenialOrder.ByTag, None))).Problem.Code
            .ShouldBe(code);

        await Stores.DenyAsync(spec, closings.Recorded, None);

        (await closings.IsShutAsync(spec)).ShouldBeTrue();
        (await Stores.LookAtDenialAsync(spec, None))
            .ShouldBe(new DenialLook(ownership, IsDenied: true, SettlesAt: null));
    }

    [Fact]
    public async Task Another_owners_store_is_not_closed_whatever_a_record_says()
    {
        var spec = await closings.StoreAsync();

        (await Should.ThrowAsync<CloudException>(() =>
            Stores.DenyAsync(spec with { Owner = "another" }, closings.Recorded, None))).Problem.Code
                .ShouldBe("NotOurs");

        (await closings.IsShutAsync(spec)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_look_that_fails_otherwise_still_tells_that_the_store_is_closed()
    {
        var spec = await closings.StoreAsync();
        await Stores.DenyAsync(spec, closings.Recorded, None);
        closings.Refuse(spec, "GetBucketOwnershipControls", 403, "AccessDenied");
        await Should.ThrowAsync<CloudException>(() => Stores.DescribeAsync(spec, None));

        (await Stores.LookAtDenialAsync(spec, None))
            .ShouldBe(new DenialLook(StoreOwnership.Ours, IsDenied: true, SettlesAt: null));
    }
}
