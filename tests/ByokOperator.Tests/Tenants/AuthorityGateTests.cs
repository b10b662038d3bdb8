using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

/// <summary>What is asked live right before something begins, beside whether the Tenant stands;
/// and who keeps whom out.</summary>
public sealed class AuthorityGateTests
{
    [Fact]
    public async Task Nothing_begins_under_a_key_that_was_taken_back_though_the_store_may_stand_there()
    {
        await using var lookout = await Lookout.StartAsync();
        await lookout.ApplyKeyAsync();
        var store = await lookout.ApplyStoreAsync();
        var gate = new AuthorityGate(lookout.Around);
        await gate.DemandAsync(store, CancellationToken.None);
        await lookout.StopWatchingAsync();
        await GiveAsync(lookout, Quickstart.Stage.Anything(Lookout.Namespace) with { Keys = new() });
        (await Executors.RefusalAsync(() => gate.DemandAsync(store, CancellationToken.None))).ShouldBe("NotGranted");
        lookout.Around.Cluster.Judge(store, lookout.Around.Cluster.Tenants.Authority)
            .ShouldBeOfType<ByokOperator.Entitlements.Ruling.Granted>("so the watch was not what refused it");
    }

    [Fact]
    public async Task A_place_where_another_store_was_put_is_no_source_and_no_target_whoever_is_older()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync();
        executors.Owned(StoreOwnership.Unmarked);
        var gate = new AuthorityGate(lookout.Around);
        await gate.DemandAsync(store, CancellationToken.None);
        foreach (var name in new[] { "acme", Executors.SharedBucket })
        {
            var put = Other(store, spec => spec with { Aws = spec.Aws! with { BucketName = name }, Shared = null });
            await executors.StoreRecords.PutAsync(put, mark: null, "", CancellationToken.None);
            (await Executors.RefusalAsync(() => gate.DemandAsync(store, CancellationToken.None)))
                .ShouldBe(StoreNeighbours.NotFree);
            await executors.StoreRecords.EndAsync(put, CancellationToken.None);
        }

        await gate.DemandAsync(store, CancellationToken.None);
    }

    [Theory]
    [InlineData(StoreOwnership.Ours)]
    [InlineData(StoreOwnership.Stranger)]
    public async Task A_source_that_a_tag_calls_a_stores_is_none(StoreOwnership tag)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync();
        executors.Owned(tag);
        (await Executors.RefusalAsync(() =>
            new AuthorityGate(lookout.Around).DemandAsync(store, CancellationToken.None)))
                .ShouldBe(StoreNeighbours.NotFree);
    }

    [Fact]
    public async Task What_was_there_to_be_mended_and_is_gone_is_not_made_anew_unless_it_is_still_given()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        var store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Absent);
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .DeleteAsync(new ObjectKey("", Lookout.Namespace), null, CancellationToken.None);
        (await Executors.RefusalAsync(() =>
            executors.Stores.PerformAsync(store, Stores.Worlds.Open, new StoreAct.PrepareTarget(store.Metadata.Uid!),
                CancellationToken.None))).ShouldBe("NoTenant");
    }

    [Fact]
    public async Task
        A_key_that_a_store_was_put_under_is_followed_though_its_record_is_lost_and_the_platform_took_it_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        await new Executors(lookout).StoreRecords
            .PutAsync(await lookout.ApplyStoreAsync(), mark: null, "", CancellationToken.None);
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .DeleteAsync(new ObjectKey("", Lookout.Namespace), null, CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace) is null
                && lookout.Around.Cluster.HasStores(key));
        var revoked = key with
        {
            Spec = key.Spec with { State = KeyStates.Revoked, Revocation = new() { Confirm = KeyRules.Confirmation } },
        };
        var world = await new KeyObserver(lookout.Around, new KeyLiveReads(lookout.Around),
            imports: null!).LookAsync(revoked, CancellationToken.None);
        world.IsHeldOff.ShouldBeFalse();
        KeySnapshot.Of(world, previous: null).Regions[Lookout.Region].Judgement.ForDisplay()
            .ShouldBeOfType<KeyJudgement.Revoked>("the tenant's word takes no cloud");
        await lookout.Keys.DidNotReceiveWithAnyArgs().ProveAsync(default!, default!, default, default);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wish_that_nobody_granted_keeps_nobody_out(bool isPut)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var spec = new EncryptedStoreSpec
        {
            KeyRef = new() { Name = "key" },
            Aws = new() { Region = Lookout.Region },
            Shared = new() { Aws = new() { Bucket = Executors.SharedBucket, Prefix = Executors.Prefix } },
        };
        var evil = await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            // the older one of the two, even within a second
            new() { Metadata = new ObjectMeta { Name = "store", Namespace = "above" }, Spec = spec }, "test",
            CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Stores.Find(evil.Metadata.Key) is not null);
        if (isPut)
        {
            await executors.StoreRecords.PutAsync(evil, mark: null, "", CancellationToken.None);
            await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(evil).Trusted is not null);
        }

        var mine = await executors.ApplyAsync(_ => spec);
        lookout.Neighbours.Violations(mine, mine, key: null).ShouldBe(isPut
            ?
            [
                "spec.shared.aws.prefix: a store of another namespace already takes this prefix of the bucket: one "
                    + "store per prefix, name another one",
            ]
            : []);
    }

    private static EncryptedStore Other(EncryptedStore store, Func<EncryptedStoreSpec, EncryptedStoreSpec> change) =>
        store with
        {
            Metadata = store.Metadata with { Name = "other", Namespace = "elsewhere", Uid = Guid.NewGuid().ToString() },
            Spec = change(store.Spec),
        };

    private static Task<Tenant> GiveAsync(Lookout lookout, TenantSpec spec) =>
        lookout.Kube.Api<ByokOperator.Api.Tenant>().ApplyAsync(
            new() { Metadata = new ObjectMeta { Name = Lookout.Namespace }, Spec = spec }, "test",
            CancellationToken.None);
}
