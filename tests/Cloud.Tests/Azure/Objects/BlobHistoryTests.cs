using System.Security.Cryptography;
using Azure.Core;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Contract;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Objects;

/// <summary>Versions, snapshots and deletions: what the port calls by one name and Azure by several.</summary>
public sealed class BlobHistoryTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly BlobWorld world = new(stand);

    [Fact]
    public async Task Snapshots_stand_before_their_blob_and_are_snapshots_again_in_the_copy()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await ThreeTimesAsync(shared.Store, snapshots: true);
        var listed = await world.ListAsync(shared.Store, "acme/");
        listed.Select(version => version.IsLatest).ShouldBe([true, false, false]);
        await CopyAllAsync(shared, target, listed);

        var copied = await world.ListAsync(target.Store, "acme/");
        copied.Select(version => version.VersionId?.Split('-')[0]).ShouldBe([null, "snapshot", "snapshot"]);
        (await HashesAsync(target.Store, copied)).ShouldBe([Hash("3"), Hash("2"), Hash("1")]);
    }

    [Fact]
    public async Task In_a_store_with_versions_a_snapshot_is_copied_as_a_version()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync(versioned: true));
        await ThreeTimesAsync(shared.Store, snapshots: true);
        await CopyAllAsync(shared, target, await world.ListAsync(shared.Store, "acme/"));

        var copied = await world.ListAsync(target.Store, "acme/");
        copied.Select(version => version.VersionId![0]).ShouldBe(['2', '2', '2']);
        (await HashesAsync(target.Store, copied)).ShouldBe([Hash("3"), Hash("2"), Hash("1")]);
    }

    [Fact]
    public async Task A_deletion_has_one_name_and_the_listing_says_it_too()
    {
        var store = (await world.StoreAsync(versioned: true)).Store;
        await ThreeTimesAsync(store, snapshots: false);
        var marker = await world.Objects.MarkDeletedAsync(store, "acme/a", None);
        (await world.Objects.MarkDeletedAsync(store, "acme/a", None)).ShouldBe(marker);
        var listed = await world.ListAsync(store, "acme/");
        (listed.Count, listed[0].VersionId, listed[0].IsDeleteMarker).ShouldBe((4, marker, true));
        (await world.Objects.HeadAsync(store, "acme/a", marker, None)).ShouldBeNull();
    }

    [Fact]
    public async Task The_current_version_is_deleted_by_its_id_and_no_other()
    {
        var store = (await world.StoreAsync(versioned: true)).Store;
        await ThreeTimesAsync(store, snapshots: false);
        var before = await world.ListAsync(store, "acme/");
        await world.Objects.DeleteVersionsAsync(store, [before[0] with { IsLatest = false }], None);
        var after = await world.ListAsync(store, "acme/");
        after.Where(version => !version.IsDeleteMarker).Select(version => version.VersionId)
            .ShouldBe(before.Skip(1).Select(version => version.VersionId));
    }

    [Fact]
    public async Task A_blob_goes_with_its_snapshots_in_whatever_order_they_are_given()
    {
        var store = (await world.SharedAsync()).Store;
        await ThreeTimesAsync(store, snapshots: true);
        await world.Objects.DeleteVersionsAsync(store, await world.ListAsync(store, "acme/"), None);
        (await world.ListAsync(store, "")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_our_fence_holds_is_ours_to_delete_and_nobody_elses(bool versioned)
    {
        var shared = await world.SharedAsync(versioned);
        await ThreeTimesAsync(shared.Store, snapshots: false);
        (await stand.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None)).Length
            .ShouldBeLessThanOrEqualTo(16, "a Job is called after it, and a name holds 63 characters");
        (await Should.ThrowAsync<CloudException>(() => world.PutAsync(shared.Store, "acme/a", "4"))).Problem.Code
            .ShouldBe("LeaseIdMissing");
        await world.Objects.DeleteVersionsAsync(shared.Store, await world.ListAsync(shared.Store, "acme/"), None);
        (await world.ListAsync(shared.Store, "acme/")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blob_with_snapshots_that_were_not_named_stays()
    {
        var store = (await world.SharedAsync()).Store;
        await ThreeTimesAsync(store, snapshots: true);
        var listed = await world.ListAsync(store, "acme/");
        var failure =
            await Should.ThrowAsync<CloudException>(() => world.Objects.DeleteVersionsAsync(store, [listed[0]], None));
        failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
        (await world.ListAsync(store, "acme/")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_listing_goes_on_past_a_page_and_begins_after_a_key()
    {
        var store = (await world.SharedAsync()).Store;
        stand.Admin.PutMany(store.Name.Split('/')[0], "data", "acme/", 5_010, size: 1, seed: 1);
        (await world.ListAsync(store, "acme/")).Select(version => version.Key).Distinct().Count().ShouldBe(5_010);
        (await world.ListAsync(store, "acme/", "acme/00005007")).Select(version => version.Key)
            .ShouldBe(["acme/00005008", "acme/00005009"]);
    }

    [Fact]
    public async Task A_name_with_steps_of_dots_is_refused_before_it_leads_elsewhere()
    {
        var store = (await world.SharedAsync()).Store;
        var failure = await Should.ThrowAsync<CloudException>(() =>
            world.Objects.HashAsync(store, "acme/../other/a", null, None));
        failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe("NameNotAddressable");
    }

    private static byte[] Hash(string content) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content));

    private async Task ThreeTimesAsync(StoreRef store, bool snapshots)
    {
        foreach (var content in new[] { "1", "2", "3" })
        {
            await world.PutAsync(store, "acme/a", content);
            if (snapshots && content != "3")
            {
                await world.SendAsync(RequestMethod.Put, BlobWorld.Address(store, "acme/a") + "?comp=snapshot", []);
            }
        }
    }

    private async Task CopyAllAsync(SharedRef shared, StoreSpec target, List<ObjectVersion> newestFirst)
    {
        foreach (var version in newestFirst.AsEnumerable().Reverse())
        {
            await world.Objects.CopyAsync(ObjectRows.Order(shared, version, target), None);
        }
    }

    private async Task<List<byte[]>> HashesAsync(StoreRef store, List<ObjectVersion> versions)
    {
        List<byte[]> hashes = [];
        foreach (var version in versions)
        {
            hashes.Add(await world.Objects.HashAsync(store, version.Key, version.VersionId, None));
        }

        return hashes;
    }
}
