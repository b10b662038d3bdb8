using Cloud.Azure.Stores;
using Cloud.Stores;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

public sealed class FenceTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task A_shared_container_that_is_not_there_does_not_exist()
    {
        var shared = world.NewShared();
        (await Stores.DescribeSharedAsync(
            shared with { Store = AzureStores.Store(shared.Store.Name.Split('/')[0], "other") }, "owner",
            None)).Exists.ShouldBeFalse();
        (await Stores.DescribeSharedAsync(shared with { Store = AzureStores.Store(stand.Name("absent"), "backups") },
            "owner", None)).Exists.ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_prefix_is_empty_whatever_lies_beside_it()
    {
        var shared = world.NewShared();
        await world.PutBlobAsync(shared.Store, "beta/a");
        var seen = await Stores.DescribeSharedAsync(shared, "owner", None);
        (seen.Exists, seen.IsEmpty, seen.IsVersioned, seen.Fence,
            seen.UnfinishedUploads).ShouldBe((true, true, false, null, 0));
        await world.PutBlobAsync(shared.Store, "acme/a");
        (await Stores.DescribeSharedAsync(shared, "owner", None)).IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public async Task An_account_that_keeps_what_is_deleted_says_for_how_many_days()
    {
        var shared = await FilledAsync();
        (await Stores.DescribeSharedAsync(shared, "owner", None)).KeepsDeletedDays.ShouldBeNull();
        await world.KeepDeletedAsync(shared, days: 7);
        (await Stores.DescribeSharedAsync(shared, "owner", None)).KeepsDeletedDays.ShouldBe(7);
    }

    [Fact]
    public async Task What_stands_behind_a_fence_can_not_be_written_or_deleted_and_what_lies_beside_it_can()
    {
        var shared = await FilledAsync();
        await world.PutBlobAsync(shared.Store, "beta/a");

        var token = await Stores.RaiseFenceAsync(shared, "owner", None);

        var seen = await Stores.DescribeSharedAsync(shared, "owner", None);
        seen.Fence.ShouldBe(token);
        seen.FencedSince!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(412);
        (await world.DeleteBlobAsync(shared.Store, "acme/b")).ShouldBe(412);
        (await world.PutBlobAsync(shared.Store, "beta/a")).ShouldBe(201);
    }

    [Fact]
    public async Task Raising_again_keeps_the_token_and_raising_after_lifting_makes_another()
    {
        var shared = await FilledAsync();
        var token = await Stores.RaiseFenceAsync(shared, "owner", None);
        (await Stores.RaiseFenceAsync(shared, "owner", None)).ShouldBe(token);
        await Stores.LiftFenceAsync(shared, "owner", None);
        (await Stores.DescribeSharedAsync(shared, "owner", None)).Fence.ShouldBeNull();
        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(201);
        await Stores.LiftFenceAsync(shared, "owner", None);
        (await Stores.RaiseFenceAsync(shared, "owner", None)).ShouldNotBe(token);
    }

    [Fact]
    public async Task Whoever_of_us_retires_a_fenced_blob_shows_the_lease_that_follows_from_its_address()
    {
        var shared = await FilledAsync();
        await Stores.RaiseFenceAsync(shared, "owner", None);
        (await world.DeleteBlobAsync(shared.Store, "acme/a", FenceLease.IdFor(shared.Store, "acme/b"))).ShouldBe(412);
        (await world.DeleteBlobAsync(shared.Store, "acme/a", FenceLease.IdFor(shared.Store, "acme/a"))).ShouldBe(202);
    }

    [Fact]
    public async Task What_is_fenced_is_retired_by_us_and_what_somebody_else_holds_is_not()
    {
        var shared = await FilledAsync();
        await Stores.RaiseFenceAsync(shared, "owner", None);
        await world.PutBlobAsync(shared.Store, "acme/held");
        await world.LeaseAsync(shared.Store, "acme/held");
        var listed = await stand.Cloud.Objects.ListVersionsAsync(shared.Store, "acme/", null, None).ToListAsync(None);

        await stand.Cloud.Objects.DeleteVersionsAsync(shared.Store, [.. listed.Where(blob => blob.Key != "acme/held")],
            None);
        var refused = await Should.ThrowAsync<CloudException>(() =>
            stand.Cloud.Objects.DeleteVersionsAsync(shared.Store, listed, None));

        refused.Problem.ShouldBeOfType<CloudProblem.Conflict>();
        (await stand.Cloud.Objects.ListVersionsAsync(shared.Store, "acme/", null, None).ToListAsync(None))
            .ShouldHaveSingleItem().Key.ShouldBe("acme/held");
    }

    [Fact]
    public async Task A_blob_that_somebody_else_holds_is_no_fenced_one()
    {
        var shared = await FilledAsync();
        await world.LeaseAsync(shared.Store, "acme/b");
        (await stand.Cloud.Objects.ListVersionsAsync(shared.Store, "acme/", null, None).ToListAsync(None))
            .Where(blob => blob.IsLeased).ShouldHaveSingleItem().Key.ShouldBe("acme/b");

        var refused = await Should.ThrowAsync<CloudException>(() => Stores.RaiseFenceAsync(shared, "owner", None));

        refused.Problem.ShouldBeOfType<CloudProblem.Conflict>().Code.ShouldBe("LeasedByAnother");
        (await Stores.DescribeSharedAsync(shared, "owner", None)).Fence.ShouldBeNull();
    }

    /// <summary>Those that we leased before refuse their writers, and lifting it gives them all back.</summary>
    [Fact]
    public async Task A_fence_that_does_not_get_up_says_since_when_it_rises_and_is_lifted()
    {
        var shared = await FilledAsync();
        var (account, container) = (shared.Store.Name.Split('/')[0], shared.Store.Name.Split('/')[1]);
        stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Deny())
            {
                Service = "blob",
                Operation = "PutBlob",
                Account = account,
                Bucket = container,
                KeyPrefix = ".byok/fences/",
                Skip = 1,
                Count = 1,
            });
        await Should.ThrowAsync<CloudException>(() => Stores.RaiseFenceAsync(shared, "owner", None));
        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(412);

        var seen = await Stores.DescribeSharedAsync(shared, "owner", None);
        (seen.Fence, seen.RisingFence is null).ShouldBe((null, false));
        seen.FencedSince!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));

        await Stores.LiftFenceAsync(shared, "owner", None);

        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(201);
        (await Stores.DescribeSharedAsync(shared, "owner", None)).RisingFence.ShouldBeNull();
    }

    /// <summary>Its own record lies in the container too, and is written while the fence stands.</summary>
    [Fact]
    public async Task A_container_that_is_fenced_whole_holds_every_blob_but_our_own_and_is_empty_without_them()
    {
        var shared = world.NewShared(prefix: "");
        (await Stores.DescribeSharedAsync(shared, "owner", None)).IsEmpty.ShouldBeTrue();
        foreach (var name in (string[])["!first", "a", "deep/b"])
        {
            await world.PutBlobAsync(shared.Store, name);
        }

        var token = await Stores.RaiseFenceAsync(shared, "owner", None);
        var other = await Stores.RaiseFenceAsync(shared, "another", None);

        var seen = await Stores.DescribeSharedAsync(shared, "owner", None);
        (seen.Fence, seen.IsEmpty, seen.Unfit, seen.UnfinishedUploads).ShouldBe((token, false, null, 0));
        (await world.PutBlobAsync(shared.Store, "!first")).ShouldBe(412);
        (await world.PutBlobAsync(shared.Store, "deep/b")).ShouldBe(412);
        (await stand.Cloud.Objects.ListVersionsAsync(shared.Store, ".byok/", null, None).ToListAsync(None))
            .Select(blob => blob.IsLeased).ShouldBe([false, false]);
        await Stores.LiftFenceAsync(shared, "another", None);
        var listed = await stand.Cloud.Objects.ListVersionsAsync(shared.Store, "", null, None).ToListAsync(None);
        await stand.Cloud.Objects.DeleteVersionsAsync(shared.Store,
            [.. listed.Where(blob => !blob.Key.StartsWith(".byok/", StringComparison.Ordinal))], None);
        (await Stores.DescribeSharedAsync(shared, "owner", None)).IsEmpty.ShouldBeTrue();
        await Stores.LiftFenceAsync(shared, "owner", None);
        (await stand.Cloud.Objects.ListVersionsAsync(shared.Store, "", null, None).ToListAsync(None)).ShouldBeEmpty();
        other.ShouldNotBe(token);
    }

    /// <summary>It would be taken for our own in the store, where the tenant's workloads may not write it.</summary>
    [Fact]
    public async Task A_whole_container_with_a_blob_where_our_own_are_is_unfit_and_says_which()
    {
        var shared = world.NewShared(prefix: "");
        await world.PutBlobAsync(shared.Store, "a");
        (await Stores.DescribeSharedAsync(shared, "owner", None)).Unfit.ShouldBeNull();
        await world.PutBlobAsync(shared.Store, ".byok/theirs");
        var unfit = (await Stores.DescribeSharedAsync(shared, "owner", None)).Unfit.ShouldNotBeNull();
        unfit.Code.ShouldBe("NameReserved");
        unfit.Message.ShouldContain("'.byok/theirs'");
        (await Stores.DescribeSharedAsync(shared with { Prefix = "acme/" }, "owner", None)).Unfit.ShouldBeNull();
    }

    [Fact]
    public async Task What_somebody_piles_up_beside_the_records_of_fences_is_told_and_not_listed_to_its_end()
    {
        var shared = world.NewShared(prefix: "");
        stand.Admin.PutMany(shared.Store.Name.Split('/')[0], "backups", ".byok/fences/", 12_001, 1, seed: 1);
        var seen = await Stores.DescribeSharedAsync(shared, "owner", None);
        (seen.IsEmpty, seen.Unfit?.Code).ShouldBe((false, "NameReserved"));
        seen.Evidence.Count(call => call.Operation == "blob:ListBlobs").ShouldBeLessThan(25);
    }

    [Fact]
    public async Task A_fence_over_several_pages_holds_every_blob()
    {
        var shared = world.NewShared();
        var account = shared.Store.Name.Split('/')[0];
        stand.Admin.PutMany(account, "backups", "acme/", 1_203, 16, seed: 1);

        var token = await Stores.RaiseFenceAsync(shared, "owner", None);

        token.ShouldNotBeEmpty();
        (await world.PutBlobAsync(shared.Store, "acme/00001202")).ShouldBe(412);
        await Stores.LiftFenceAsync(shared, "owner", None);
        (await world.PutBlobAsync(shared.Store, "acme/00001202")).ShouldBe(201);
    }

    [Fact]
    public async Task Two_owners_have_two_fences()
    {
        var shared = await FilledAsync();
        var other = shared with { Prefix = "beta/" };
        await world.PutBlobAsync(shared.Store, "beta/a");
        var token = await Stores.RaiseFenceAsync(shared, "one", None);
        (await Stores.RaiseFenceAsync(other, "two", None)).ShouldNotBe(token);
        await Stores.LiftFenceAsync(other, "two", None);
        (await Stores.DescribeSharedAsync(shared, "one", None)).Fence.ShouldBe(token);
        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(412);
    }

    private async Task<SharedRef> FilledAsync()
    {
        var shared = world.NewShared();
        (await world.PutBlobAsync(shared.Store, "acme/a")).ShouldBe(201);
        (await world.PutBlobAsync(shared.Store, "acme/b")).ShouldBe(201);
        return shared;
    }
}
