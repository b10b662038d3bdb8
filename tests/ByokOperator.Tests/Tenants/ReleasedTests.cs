using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Places;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud;
using Cloud.Stores;
using Kube.Core;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

/// <summary>The platform deleted the place of a store that was left, and says so: its record ends,
/// by its own tenant's Tenant alone.</summary>
public sealed class ReleasedTests
{
    private const string Place = "acme";

    [Theory]
    [InlineData(StoreOwnership.Absent, true)]
    [InlineData(StoreOwnership.Stranger, true)]
    [InlineData(StoreOwnership.Forbidden, true)]
    [InlineData(StoreOwnership.Ours, false)]
    public async Task The_record_of_a_released_place_ends_unless_the_place_bears_its_tag(
        StoreOwnership ownership, bool ends)
    {
        await using var lookout = await Lookout.StartAsync();
        var left = await LeftAsync(lookout);
        new Executors(lookout).Owned(ownership);
        await ReleaseAsync(lookout, Lookout.Namespace);
        (await EndsAsync(lookout, left)).ShouldBe(ends);
    }

    [Fact]
    public async Task A_place_that_nobody_can_look_at_any_more_ends_once_it_is_released_and_not_before()
    {
        await using var lookout = await Lookout.StartAsync();
        var left = await LeftAsync(lookout);
        lookout.Stores.OwnershipAsync(default!, default)
            .ThrowsAsyncForAnyArgs(
                new CloudException(new CloudProblem.NotFound("SubscriptionNotFound", "it is gone"), "arm"));
        await Should.ThrowAsync<CloudException>(() => EndsAsync(lookout, left));
        await ReleaseAsync(lookout, Lookout.Namespace);
        lookout.Stores.OwnershipAsync(default!, default)
            .ThrowsAsyncForAnyArgs(
                new CloudException(new CloudProblem.Unreachable("Timeout", "it may answer later"), "arm"));
        await Should.ThrowAsync<CloudException>(() => EndsAsync(lookout, left));
        lookout.Stores.OwnershipAsync(default!, default)
            .ThrowsAsyncForAnyArgs(
                new CloudException(new CloudProblem.NotFound("SubscriptionNotFound", "it is gone"), "arm"));
        (await EndsAsync(lookout, left)).ShouldBeTrue();
    }

    [Fact]
    public async Task Another_tenants_Tenant_and_a_word_that_was_taken_back_release_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        var left = await LeftAsync(lookout);
        new Executors(lookout).Owned(StoreOwnership.Stranger);
        await ReleaseAsync(lookout, "other");
        (await EndsAsync(lookout, left)).ShouldBeFalse();

        await ReleaseAsync(lookout, Lookout.Namespace);
        TenantWiring.ReleasedBy(lookout.Around.Cluster,
            lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)!)
            .ShouldBe([lookout.Around.Cluster.Records.AddressOf<StoreRecord>(RecordOwner.Of(left.Metadata))]);
        await lookout.StopWatchingAsync();
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .DeleteAsync(new ObjectKey("", Lookout.Namespace), null, CancellationToken.None);
        (await EndsAsync(lookout, left)).ShouldBeFalse("it is asked live");
    }

    [Fact]
    public async Task A_record_of_two_buckets_is_released_once_both_are()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await lookout.ApplyStoreAsync();
        await executors.StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);
        var record = await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata), known => known with
            {
                AlsoPinned = [new StoreRecordKey("second", "uid-2", new StoreRecordPin("k2", null, "d"))],
                Other = new StoreBucket(2, "second", "k2"),
            }, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.Other is not null);
        var (cluster, places) = (lookout.Around.Cluster, record.Targets.ToArray());
        places.Length.ShouldBe(2);

        await ReleaseAsync(lookout, Lookout.Namespace, places[0]);
        cluster.IsReleased(store, cluster.Tenants.Authority).ShouldBeFalse("the other one may hold data");
        await ReleaseAsync(lookout, Lookout.Namespace, places);
        cluster.IsReleased(store, cluster.Tenants.Authority).ShouldBeTrue();
    }

    /// <summary>A record whose object is gone.</summary>
    private static async Task<EncryptedStore> LeftAsync(Lookout lookout)
    {
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync(spec => spec with { Shared = null });
        await executors.StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.RecordOf(store).Trusted is not null
                && lookout.Around.Cluster.Stores.Find(store.Metadata.Key) is null);
        return store with { IsRecordedOnly = true };
    }

    private static Task ReleaseAsync(Lookout lookout, string tenant) => ReleaseAsync(lookout, tenant, Place);

    private static async Task ReleaseAsync(Lookout lookout, string tenant, params string[] places)
    {
        var spec = tenant == Lookout.Namespace ? Quickstart.Stage.Anything(tenant) : new TenantSpec();
        await lookout.Kube.Api<ByokOperator.Api.Tenant>().ApplyAsync(
            new()
            {
                Metadata = new ObjectMeta { Name = tenant },
                Spec = spec with { Released = [.. places.Select(place => new TenantSpecReleased { Place = place })] },
            }, "test", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Tenants.Authority.Releases(tenant, places[^1]));
    }

    private static async Task<bool> EndsAsync(Lookout lookout, EncryptedStore left)
    {
        var executors = new Executors(lookout);
        await executors.Stores.PerformAsync(left, Stores.Worlds.Open with { IsRecordedOnly = true },
            new StoreAct.EndRecord(left.Metadata.Uid!), CancellationToken.None);
        return await new RecordWriter(lookout.Around).ReadAsync<StoreRecord>(RecordOwner.Of(left.Metadata),
            CancellationToken.None) is Recorded<StoreRecord>.Absent;
    }
}
