using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>Where grants of ours are looked for, and taken, when the key's object is gone.</summary>
public sealed class StoreGrantsTests
{
    private const string Recorded = "arn:aws:kms:eu-west-1:111111111111:key/recorded";

    private static readonly KeyRef nobody = new(Lookout.Region, "");

    [Fact]
    public async Task The_key_that_a_store_was_put_under_is_known_from_its_own_record_though_no_grant_was_written_down()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await PutUnderAsync(lookout, imported: true);
        StoreGrants.Of(store, nobody, lookout.Around.Cluster).Select(one => (one.Key.Id, one.Key.IsOurs))
            .ShouldBe([(Lookout.Arn, true)]);
        StoreGrants.AreMade(store, key: null, lookout.Around.Cluster).ShouldBeTrue();
    }

    [Fact]
    public async Task On_a_tenant_s_own_key_none_is_looked_for()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await PutUnderAsync(lookout, imported: false);
        StoreGrants.Of(store, nobody, lookout.Around.Cluster).ShouldBeEmpty();
        StoreGrants.AreMade(store, key: null, lookout.Around.Cluster).ShouldBeFalse();
    }

    [Fact]
    public async Task Each_key_counts_once_with_the_grants_on_record_and_so_does_one_that_only_the_record_knows()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await PutUnderAsync(lookout, imported: true);
        await new StoreRecords(lookout.Around).GrantAsync(
            store, new KeyRef(Lookout.Region, Lookout.Arn), "g1", CancellationToken.None);
        await new StoreRecords(lookout.Around).GrantAsync(
            store, new KeyRef(Lookout.Region, Recorded), "g2", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.Grants.Count == 2);
        StoreGrants.Of(store, nobody, lookout.Around.Cluster).Select(one => (one.Key.Id, one.Known.Single()))
            .ShouldBe([(Lookout.Arn, "g1"), (Recorded, "g2")]);
    }

    /// <summary>Its key was proved, and then its object was taken away by force.</summary>
    private static async Task<EncryptedStore> PutUnderAsync(Lookout lookout, bool imported)
    {
        var (view, kube) = (lookout.Around.Cluster, lookout.Kube);
        var spec = new TenantEncryptionKeySpec
        {
            Imported = imported ? new ImportedSource { Aws = new AwsImport { Regions = [Lookout.Region] } } : null,
            AwsKms = imported
                ? null
                : new AwsKmsSource { Keys = [new AwsKmsKey { Region = Lookout.Region, Arn = Lookout.Arn }] },
        };
        var metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace };
        var applied = new TenantEncryptionKey { Metadata = metadata, Spec = spec };
        var key = await kube.Api<TenantEncryptionKey>().ApplyAsync(applied, "test", CancellationToken.None);
        await Lookout.UntilAsync(() => view.Keys.Find(key.Metadata.Key) is not null);
        var store = await lookout.ApplyStoreAsync();
        var canary = new Canary(Lookout.Arn, "m1", new byte[] { 1 }, new Dictionary<string, string>());
        if (imported)
        {
            await new KeyRecords(lookout.Around).BindMaterialAsync(key, 1, "f1", CancellationToken.None);
        }

        await new KeyRecords(lookout.Around).SaveCanaryAsync(
            key, Lookout.Region, KeyRecordCanary.Of(canary).Text(), CancellationToken.None);
        await new StoreRecords(lookout.Around).PutAsync(store, mark: null, "", CancellationToken.None);
        await kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(() =>
            view.Keys.Count == 0 && view.Inventory.KeyOf(store) is not null
            && view.RecordOf(key).Trusted?.Spec is not null);
        return store;
    }
}
