using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>A record that can't be read is none that is not there: nothing is let go for it, and no other key is taken
/// for the one it speaks of.</summary>
public sealed class UnreadRecordTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Which_key_was_imported_is_not_known_to_be_none()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, _) = await PutAsync(lookout);
        IdOf(lookout, key).ForDisplay().ShouldBe(Lookout.Arn);
        await SpoilAsync<KeyRecord>(lookout, key.Metadata);
        IdOf(lookout, key).Blindness.ShouldBe("RecordUnreadable");
        KeyIds.Of(key, Lookout.Region, new Recorded<KeyRecord>.Absent()).ShouldBe(Fact.Seen<string?>(null));
    }

    [Fact]
    public async Task Grants_are_looked_for_on_the_key_that_the_store_s_record_pins()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await SpoilAsync<KeyRecord>(lookout, key.Metadata);
        StoreGrants.RefsOf(store, lookout.Around.Cluster).ForDisplay()!.ShouldHaveSingleItem().Id.ShouldBe(Lookout.Arn);
        StorePlaces.Of(store, key, lookout.Around.Cluster).Key.Id
            .ShouldBe(Lookout.Arn, "the store has not drifted from the key that it stands under");
    }

    [Fact]
    public async Task A_vault_s_key_that_was_imported_is_not_followed_to_whatever_version_is_newest()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await SpoilAsync<KeyRecord>(lookout, key.Metadata);
        var place = new AzureImport { VaultUri = "https://platform.vault.azure.net", KeyName = "acme" };
        StorePlaces
            .Of(store with { Spec = store.Spec with { Aws = null, Azure = new AzureStore() } },
                key with { Spec = new() { Imported = new ImportedSource { Azure = place } } }, lookout.Around.Cluster)
            .Held.Id.ShouldBeEmpty("without a version it would be the newest, whoever added that");
    }

    [Fact]
    public async Task Where_nothing_tells_the_key_grants_are_not_known_to_be_gone()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await SpoilAsync<KeyRecord>(lookout, key.Metadata);
        await SpoilAsync<StoreRecord>(lookout, store.Metadata);
        StoreGrants.RefsOf(store, lookout.Around.Cluster).Blindness.ShouldBe("RecordUnreadable");
        var places = StorePlaces.Of(store, key, lookout.Around.Cluster);
        var observer = new TargetObserver(lookout.Around, new StoreMarks(lookout.Objects, lookout.Stores));
        (await observer.GrantsAsync(store, places, lookout.Around.FactReader.At(None))).Blindness
            .ShouldBe("RecordUnreadable");
        await lookout.Keys.DidNotReceiveWithAnyArgs().GranteesAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_key_is_not_destroyed_while_the_record_of_a_retained_store_can_t_be_read()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, None);
        await SpoilAsync<StoreRecord>(lookout, store.Metadata);
        var going = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };

        var retained = await new KeyLiveReads(lookout.Around).RetainedAsync(going, lookout.Around.FactReader.At(None));
        retained.ForDisplay()!.ShouldHaveSingleItem()
            .ShouldContain(RecordCodec.NameOf<StoreRecord>(RecordOwner.Of(store.Metadata)));
        (await Executors.RefusalAsync(() =>
            new Executors(lookout).Imports.PerformAsync(going, new KeyAct.DestroyKey(Lookout.Region, Lookout.Arn),
                None)))
            .ShouldBe("KeyInUse", "data may stand under it");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().DeleteMaterialAsync(default!, default!, default);
    }

    [Theory]
    [InlineData(StoreOwnership.Ours, true)]
    [InlineData(StoreOwnership.Earlier, true)]
    [InlineData(StoreOwnership.Stranger, true)]
    [InlineData(StoreOwnership.Unmarked, true)]
    [InlineData(StoreOwnership.Forbidden, true)]
    [InlineData(StoreOwnership.Absent, false)]
    public async Task A_key_is_destroyed_once_what_was_retained_is_seen_to_be_gone_and_on_no_other_answer(
        StoreOwnership whose, bool isKept)
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.FindStore(store.Metadata.Key) is null);
        lookout.Stores.DescribeAsync(default!, default).ReturnsForAnyArgs(
            new StoreDescription(whose, [], IsDenied: false, null, new Dictionary<string, string>(), []));
        var going = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };

        var retained = await new KeyLiveReads(lookout.Around).RetainedAsync(going, lookout.Around.FactReader.At(None));
        retained.Blindness.ShouldBeNull();
        (retained.ForDisplay() is [_, ..]).ShouldBe(isKept);
        var act = new Executors(lookout).Imports
            .PerformAsync(going, new KeyAct.DestroyKey(Lookout.Region, Lookout.Arn), None);
        if (isKept)
        {
            (await Executors.RefusalAsync(() => act)).ShouldBe("KeyInUse");
            await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs()
                .DeleteMaterialAsync(default!, default!, default);
        }
        else
        {
            await act;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_not_destroyed_while_either_bucket_of_a_retained_store_stands(bool isLeft)
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await MoveAsync(lookout, store, isLeft);
        var record = lookout.Around.Cluster.RecordOf(store).Trusted!;
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.FindStore(store.Metadata.Key) is null);
        var other = record.Targets.Single(one => one != record.Target);
        lookout.Stores.DescribeAsync(default!, default).ReturnsForAnyArgs(call =>
            new StoreDescription(call.Arg<StoreSpec>().Store.Name == other ? StoreOwnership.Ours
                : StoreOwnership.Absent, [], IsDenied: false, null, new Dictionary<string, string>(), []));
        var going = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };

        (await new KeyLiveReads(lookout.Around).RetainedAsync(going, lookout.Around.FactReader.At(None))).ForDisplay()!
            .ShouldHaveSingleItem().ShouldContain(other);
        var act = new Executors(lookout).Imports
            .PerformAsync(going, new KeyAct.DestroyKey(Lookout.Region, Lookout.Arn), None);
        (await Executors.RefusalAsync(() => act)).ShouldBe("KeyInUse");
    }

    /// <summary>Its data moves between two buckets: the other one is the one that was left, or the next one.</summary>
    private static async Task MoveAsync(Lookout lookout, EncryptedStore store, bool isLeft)
    {
        await new StoreRecords(lookout.Around).ChangeKeysAsync(store, record => record with
        {
            AlsoPinned = [new StoreRecordKey("second", "uid-2", record.Pin!)],
            Other = new StoreBucket(2, "second", Lookout.Arn)
            {
                Receipt = isLeft ? "r1" : null,
                ServedAt = isLeft ? DateTimeOffset.UnixEpoch : null,
            },
        }, None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted?.Other is not null);
    }

    [Fact]
    public async Task A_store_that_stands_counts_as_a_user_by_the_name_of_its_record()
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, store) = await PutAsync(lookout);
        await SpoilAsync<StoreRecord>(lookout, store.Metadata);
        await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            new()
            {
                Metadata = new() { Name = store.Metadata.Name, Namespace = Lookout.Namespace },
                Spec = store.Spec with { KeyRef = new KeyReference { Name = "another" } },
            }, "test", None);
        var going = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };
        (await new KeyLiveReads(lookout.Around).UsersAsync(going, lookout.Around.FactReader.At(None))).ForDisplay()
            .ShouldBe([store.Metadata.Name]);
    }

    private static Fact<string?> IdOf(Lookout lookout, TenantEncryptionKey key) =>
        KeyIds.Of(key, Lookout.Region, lookout.Around.Cluster.RecordOf(key));

    /// <summary>An imported key that was proved, and a store that was put and pinned under it.</summary>
    private static async Task<(TenantEncryptionKey Key, EncryptedStore Store)> PutAsync(Lookout lookout)
    {
        var view = lookout.Around.Cluster;
        var key = await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
                Spec = new() { Imported = new ImportedSource { Aws = new AwsImport { Regions = [Lookout.Region] } } },
            },
            "test", None);
        await Lookout.UntilAsync(() => view.Keys.Find(key.Metadata.Key) is not null);
        var canary = new Canary(Lookout.Arn, "m1", new byte[] { 1 }, new Dictionary<string, string>());
        await new KeyRecords(lookout.Around).BindMaterialAsync(key, 1, "f1", None);
        await new KeyRecords(lookout.Around).SaveCanaryAsync(key, Lookout.Region, KeyRecordCanary.Of(canary).Text(),
            None);
        var store = await lookout.ApplyStoreAsync();
        await new StoreRecords(lookout.Around).PutAsync(store, PinMark.Of(StoredCanary.Of(canary).Pin, canary, store),
            Lookout.Arn, None);
        await Lookout.UntilAsync(() =>
            view.RecordOf(store).Trusted?.Pin is not null
                && view.RecordOf(key).Trusted?.In(Lookout.Region).Canary is not null);
        return (key, store);
    }

    private static async Task SpoilAsync<T>(Lookout lookout, ObjectMeta owner)
        where T : class, IRecord<T>
    {
        var address = lookout.Around.Cluster.Records.AddressOf<T>(RecordOwner.Of(owner));
        var patch = new JsonObject { ["data"] = new JsonObject { [RecordCodec.TextEntry] = "nonsense" } };
        await lookout.Kube.Api<ConfigMap>().PatchMergeAsync(address, patch, None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Records.Find<T>(RecordOwner.Of(owner)) is Recorded<T>.Unreadable);
    }
}
