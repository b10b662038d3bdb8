using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Stories.HostileEditor;

namespace ByokOperator.Tests.Stories;

/// <summary>What the platform did not give, or gives no more: nothing begins, what stands goes on,
/// and everything that closes does.</summary>
public sealed class TakenBackStories
{
    [Fact]
    public async Task A_namespace_of_no_tenant_gets_nothing_until_it_is_given()
    {
        await using var tenant = await SetAsync(spec: null);
        tenant.Cloud.ResetCalls();
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, "evil/");
        await UntilKeyStalledAsync(tenant, "NoTenant");
        await UntilStalledAsync(tenant, "NoTenant");
        tenant.Cloud.Count("kms", "GenerateDataKeyWithoutPlaintext").ShouldBe(0);
        await tenant.Stage.GiveAsync(HostileEditor.Namespace, ToEvil);
        await UntilAsync(tenant, store => Tenant.Is(store, "Ready", "True"));
    }

    [Fact]
    public async Task What_stands_goes_on_and_closes_when_the_platform_takes_it_back_and_nothing_new_begins()
    {
        await using var tenant = await SetAsync(ToEvil);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        await tenant.Stage.TakeBackAsync("acme");
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NoTenant" && store.Status?.Availability == "Open");
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "NoTenant" && key.Status?.Verdict == "Usable");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilKeyAsync(key => key.Status?.Verdict == "Usable");
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NoTenant" && Tenant.Is(store, "KeyUsable", "True"));
        (await tenant.BindingStandsAsync()).ShouldBeFalse();

        await tenant.Stage.GiveAsync("acme", ToVictim);
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task A_namespace_that_went_to_another_tenant_takes_no_store_along()
    {
        await using var tenant = await SetAsync(spec: null);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var store = await tenant.UntilReadyAsync();
        var record = RecordCodec.Peek<StoreRecord>(await tenant.Stage.Kube.Api<ConfigMap>().GetAsync(
            new ObjectKey(Stage.SystemNamespace, RecordCodec.NameOf<StoreRecord>(RecordOwner.Of(store.Metadata))),
            TestContext.Current.CancellationToken));
        record!.Tenant.ShouldBe("acme");

        await tenant.Stage.TakeBackAsync("acme");
        await tenant.Stage.GiveAsync("other", ToVictim);
        var told =
            await tenant.UntilAsync(one => Tenant.ReasonOf(one) == "NotGranted" && one.Status?.Availability == "Open");
        Conditions.Find(told.Status!.Conditions, "Stalled")!.Message
            .ShouldStartWith("this was begun while the namespace was another tenant's");

        await tenant.ApplyStoreAsync("store2", spec => spec with { Shared = null });
        var other = await tenant.UntilAsync(one => Tenant.ReasonOf(one) == "NotGranted", "store2");
        Conditions.Find(other.Status!.Conditions, "Stalled")!.Message
            .ShouldStartWith("spec.keyRef: ", Case.Sensitive, "nothing new under the first tenant's key");
    }

    [Fact]
    public async Task Of_more_stores_than_the_limit_the_oldest_are_in_and_stay_in()
    {
        await using var tenant = await SetAsync(spec: null);
        await tenant.Stage.GiveAsync("acme", ToVictim with { Limits = ToVictim.Limits with { Stores = 1 } });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        await tenant.ApplyStoreAsync("store2", spec => spec with { Shared = null });
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NotGranted", "store2");
        Tenant.Is(await tenant.StoreAsync(), "Ready", "True").ShouldBeTrue();
        await tenant.Stage.GiveAsync("acme", ToVictim with { Limits = ToVictim.Limits with { Stores = 2 } });
        await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True"), "store2");
    }

    [Fact]
    public async Task A_store_that_was_deleted_and_retained_counts_until_its_place_is_gone()
    {
        await using var tenant = await SetAsync(spec: null);
        await tenant.Stage.GiveAsync("acme", ToVictim with { Limits = ToVictim.Limits with { Stores = 1 } });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var first = await tenant.UntilReadyAsync();
        await tenant.ApplyStoreAsync("store2", spec => spec with { Shared = null });
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NotGranted", "store2");
        var record =
            new ObjectKey(Stage.SystemNamespace, RecordCodec.NameOf<StoreRecord>(RecordOwner.Of(first.Metadata)));
        var place = RecordCodec.Peek<StoreRecord>(await tenant.Stage.Kube.Api<ConfigMap>()
            .GetAsync(record, TestContext.Current.CancellationToken))!;
        place.CreatedAt.ShouldBe(first.Metadata.CreationTimestamp);
        await tenant.Stage.Kube.Api<EncryptedStore>()
            .DeleteAsync(first.Metadata.Key, null, TestContext.Current.CancellationToken);
        while (await tenant.Stage.Kube.Api<EncryptedStore>()
            .TryGetAsync(first.Metadata.Key, TestContext.Current.CancellationToken) is not null)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        const string Asked = "after the first was deleted";
        await tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "store2"),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReconcileAt] = Asked } },
            }, TestContext.Current.CancellationToken);
        await tenant.UntilAsync(
            store => store.Status?.LastHandledReconcileAt == Asked && Tenant.ReasonOf(store) == "NotGranted", "store2");

        tenant.Cloud.RemoveBucket(place.Target);
        await tenant.Stage.GiveAsync("acme",
            ToVictim with
            {
                Limits = ToVictim.Limits with { Stores = 1 },
                Released = [new() { Place = place.Target }],
            });
        await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True"), "store2");
    }

    [Fact]
    public async Task A_refused_store_that_never_began_is_deleted_at_once()
    {
        await using var tenant = await SetAsync(spec: null);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, Tenant.Prefix);
        await UntilStalledAsync(tenant, "NoTenant");
        await tenant.Stage.Kube.Api<EncryptedStore>()
            .DeleteAsync(new ObjectKey(HostileEditor.Namespace, "store"), null, TestContext.Current.CancellationToken);
        (await tenant.Stage.Kube.Api<EncryptedStore>()
            .TryGetAsync(new ObjectKey(HostileEditor.Namespace, "store"), TestContext.Current.CancellationToken))
                .ShouldBeNull();
    }
}
