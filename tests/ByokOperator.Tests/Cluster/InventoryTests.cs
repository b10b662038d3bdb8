using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Cluster;

/// <summary>Who is reconciled under which name, once objects are gone.</summary>
public sealed class InventoryTests
{
    [Fact]
    public async Task A_record_is_followed_once_its_object_is_gone_and_beside_another_of_that_name()
    {
        await using var lookout = await Lookout.StartAsync();
        var view = lookout.Around.Cluster;
        var (key, store) = await PutAsync(lookout);
        var (keyRecord, storeRecord) =
            (AddressOf<KeyRecord>(view, key.Metadata), AddressOf<StoreRecord>(view, store.Metadata));
        (view.Inventory.KeyAt(keyRecord), view.Inventory.StoreAt(storeRecord)).ShouldBe((null, null));
        view.Inventory.StoresUnder(key.Metadata.Key).ShouldBe([store.Metadata.Key]);

        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(() => view.Keys.Count + view.Stores.Count == 0);
        await lookout.ApplyKeyAsync();
        await lookout.ApplyStoreAsync();

        var left = view.Inventory.StoreAt(storeRecord).ShouldNotBeNull();
        (left.IsRecordedOnly, left.Metadata.Uid,
            StorePlace.Of(left.Spec).Region).ShouldBe((true, store.Metadata.Uid, Lookout.Region));
        view.Inventory.AddressOf(left).ShouldBe(storeRecord);
        var under = view.Inventory.KeyOf(left)
            .ShouldNotBeNull("the key that it was put under, and not another one of its name");
        (under.IsRecordedOnly, under.Metadata.Uid,
            view.Inventory.AddressOf(under)).ShouldBe((true, key.Metadata.Uid, keyRecord));
        under.Spec.AwsKms!.Keys[0].Arn.ShouldBe(Lookout.Arn);
        view.Inventory.IsNeeded(under).ShouldBeTrue();
        view.Inventory.StoresUnder(keyRecord).ShouldContain(storeRecord);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_about_nobody()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await lookout.SpoilRecordsAsync("null");
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Stores.Count == 0);

        lookout.Around.Cluster.Inventory.StoreAt(AddressOf<StoreRecord>(lookout.Around.Cluster, store.Metadata))
            .ShouldBeNull();
        lookout.Around.Cluster.Inventory.StoresUnder(key.Metadata.Key).ShouldBeEmpty();
    }

    private static ObjectKey AddressOf<T>(ClusterView view, ObjectMeta metadata)
        where T : class, IRecord<T> => view.Records.AddressOf<T>(RecordOwner.Of(metadata));

    private static async Task<(TenantEncryptionKey Key, EncryptedStore Store)> PutAsync(Lookout lookout)
    {
        var key = await lookout.ApplyKeyAsync();
        var store = await lookout.ApplyStoreAsync();
        var canary =
            KeyRecordCanary.Of(new Canary(Lookout.Arn, "m-1", new byte[] { 1 }, new Dictionary<string, string>()));
        await new KeyRecords(lookout.Around).SaveCanaryAsync(key, Lookout.Region, canary.Text(),
            CancellationToken.None);
        await new StoreRecords(lookout.Around).PutAsync(store, mark: null, "", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Records.Maps.Count == 2);
        return (key, store);
    }
}
