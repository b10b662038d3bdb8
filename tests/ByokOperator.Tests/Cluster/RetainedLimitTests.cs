using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;
using Tenant = ByokOperator.Api.Tenant;

namespace ByokOperator.Tests.Cluster;

/// <summary>What was left without an object stands, so it counts against <c>spec.limits.stores</c>,
/// in the turn that its object had.</summary>
public sealed class RetainedLimitTests
{
    private static readonly DateTimeOffset before = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset after = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_place_that_was_left_holds_its_turn_until_its_record_ends()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await StoreAsync(lookout, limit: 1);
        Judge(lookout, store).ShouldBeOfType<Ruling.Granted>();
        var left = await LeaveAsync(lookout, Left("old", before), older: 1);
        Judge(lookout, store)
            .ShouldBeOfType<Ruling.Refused>().Message.ShouldContain("what was deleted and retained counts");

        await lookout.Kube.Api<ConfigMap>()
            .DeleteAsync(lookout.Around.Cluster.Records.AddressOf<StoreRecord>(left.Owner), null,
                CancellationToken.None);
        await Lookout.UntilAsync(() => Judge(lookout, store) is Ruling.Granted);
    }

    [Fact]
    public async Task One_that_was_left_by_a_later_object_puts_no_older_one_out()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await StoreAsync(lookout, limit: 1);
        await LeaveAsync(lookout, Left("later", after), older: 0);
        await LeaveAsync(lookout, Left("later-too", after), older: 0);
        Judge(lookout, store).ShouldBeOfType<Ruling.Granted>();
    }

    [Fact]
    public async Task It_counts_for_the_tenant_that_it_was_put_for_wherever_its_namespace_went_and_for_no_other()
    {
        await using var lookout = await Lookout.StartAsync();
        await StoreAsync(lookout, limit: 5);
        await LeaveAsync(lookout, Left("old", before, ns: "acme-gone"), older: 1);
        await LeaveAsync(lookout, Left("other", before, ns: "beta", tenant: "beta"), older: 1);
        await LeaveAsync(lookout, Left("same-namespace", before, tenant: "beta"), older: 1);
    }

    [Fact]
    public async Task A_place_is_counted_once_however_many_records_name_it_and_a_record_without_a_turn_is_the_oldest()
    {
        await using var lookout = await Lookout.StartAsync();
        await StoreAsync(lookout, limit: 5);
        var first = Left("old", before);
        await LeaveAsync(lookout, first, older: 1);
        await LeaveAsync(lookout, Left("old", before, uid: "second", origin: first.Uid), older: 1);
        await LeaveAsync(lookout, Left("undated", null), older: 2);
    }

    [Fact]
    public async Task What_a_store_of_the_same_name_left_is_its_own_to_take_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await StoreAsync(lookout, limit: 1);
        await LeaveAsync(lookout, Left(store.Metadata.Name, before), older: 0);
        Judge(lookout, store).ShouldBeOfType<Ruling.Granted>();
    }

    [Fact]
    public async Task A_store_that_stands_is_counted_once_with_its_record()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await StoreAsync(lookout, limit: 1);
        await LeaveAsync(lookout, Left("old", before, uid: store.Metadata.Uid!), older: 0);
    }

    [Fact]
    public async Task Whoever_signed_the_record_the_place_counts()
    {
        await using var lookout = await Lookout.StartAsync();
        await StoreAsync(lookout, limit: 5);
        var left = await LeaveAsync(lookout, Left("old", before), older: 1);
        var address = lookout.Around.Cluster.Records.AddressOf<StoreRecord>(left.Owner);
        await lookout.Kube.Api<ConfigMap>()
            .PatchJsonAsync(address, JsonPatch.Empty.Replace("/data/mac", "bm90IG91cnM="), CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Records.Find<StoreRecord>(left.Owner) is Recorded<StoreRecord>.NotAuthentic);
        Older(lookout).ShouldBe(1);
    }

    private static async Task<EncryptedStore> StoreAsync(Lookout lookout, int limit)
    {
        var spec = Quickstart.Stage.Anything(Lookout.Namespace);
        await lookout.Kube.Api<Tenant>().ApplyAsync(
            new()
            {
                Metadata = new ObjectMeta { Name = Lookout.Namespace },
                Spec = spec with { Limits = spec.Limits with { Stores = limit } },
            }, "test", CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)?.Spec.Limits.Stores == limit);
        return await lookout.ApplyStoreAsync();
    }

    private static StoreRecord Left(
        string name, DateTimeOffset? createdAt, string ns = Lookout.Namespace, string tenant = Lookout.Namespace,
        string? uid = null, string? origin = null)
    {
        var record = StoreRecord.New(new RecordOwner(ns, name, uid ?? $"uid-of-{name}")) with
        {
            Origin = origin,
            CreatedAt = createdAt,
        };
        return record.PutBy(
            new EncryptedStoreSpec
            {
                KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                Aws = new AwsStore { Region = Lookout.Region },
            }, tenant, "key-uid");
    }

    /// <summary>Writes the record, as the operator does, and waits until the watch shows it.</summary>
    private static async Task<StoreRecord> LeaveAsync(Lookout lookout, StoreRecord record, int older)
    {
        await new RecordWriter(lookout.Around).EditAsync<StoreRecord>(record.Owner, _ => record,
            CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Records.Find<StoreRecord>(record.Owner) is Recorded<StoreRecord>.Authentic);
        Older(lookout).ShouldBe(older);
        return record;
    }

    private static int Older(Lookout lookout)
    {
        var view = lookout.Around.Cluster;
        return view.Tenants.OlderThan(view.Stores.List().Single(), view.Tenants.Authority);
    }

    private static Ruling Judge(Lookout lookout, EncryptedStore store)
    {
        var view = lookout.Around.Cluster;
        return view.Tenants.Judge(store, view.Tenants.Authority, recorded: null);
    }
}
