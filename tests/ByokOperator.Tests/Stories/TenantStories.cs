using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What a tenant and a platform team live through, with the operator,
/// the SDKs and the API server all real processes' code.</summary>
public sealed class TenantStories
{
    [Fact]
    public async Task The_data_moves_under_the_tenants_key_and_a_neighbour_stays_where_it_is()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.PutAsync("acme/ünï/cødé.txt", "two");
        await tenant.PutAsync("acme2/a.txt", "neighbour");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();

        var store = await tenant.UntilReadyAsync();

        var bucket = store.Status!.Location!.Bucket;
        (await tenant.ListAsync(bucket, "acme/")).ShouldBe(["acme/a.txt", "acme/ünï/cødé.txt"]);
        (await tenant.ReadAsync(bucket, "acme/ünï/cødé.txt")).ShouldBe("two");
        (await tenant.ListAsync(Tenant.SharedBucket, "acme")).ShouldBe(["acme2/a.txt"]);
        (await tenant.BindingStandsAsync()).ShouldBeTrue();
        store.Status.ActiveKey.ShouldBe(tenant.KeyArn);
    }

    [Fact]
    public async Task A_disabled_key_closes_the_store_and_the_same_key_opens_it()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        var closed = await tenant.UntilClosedAsync();
        closed.Status!.ClosedReason.ShouldBe("KeyDisabled");
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        (await tenant.BindingStandsAsync()).ShouldBeFalse();
        tenant.Cloud.GrantCount(tenant.KeyArn).ShouldBe(0);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilReadyAsync();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Another_key_under_the_same_arn_keeps_the_store_closed()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();

        tenant.Cloud.ReplaceMaterial(tenant.KeyArn);

        var closed = await tenant.UntilAsync(store =>
            store.Status?.Availability == "Closed" && Tenant.ReasonOf(store) == "KeyReplaced");
        Tenant.Is(closed, "Stalled", "True").ShouldBeTrue();
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("KeyReplaced");
    }

    [Fact]
    public async Task Nobody_to_ask_holds_the_store_open_until_max_staleness_and_no_longer()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync(maxStaleness: "15s");
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        await tenant.UntilReadyAsync();

        tenant.Cloud.KmsUnreachable = true;
        await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "Unknown") && store.Status?.Availability == "Open");
        // on a tenant's own key no grant of ours stands, so there is nobody to ask
        var closed = await tenant.UntilClosedAsync();
        closed.Status!.ClosedReason.ShouldBe("UnknownTooLong");
        (await tenant.KeyAsync()).Status!.UnknownSince.ShouldNotBeNull();

        tenant.Cloud.KmsUnreachable = false;
        await tenant.UntilReadyAsync();
        (await tenant.KeyAsync()).Status!.UnknownSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_strangers_bucket_is_left_alone()
    {
        await using var tenant = await Tenant.MoveInAsync();
        tenant.Cloud.CreateBucket("taken-by-tenant", Quickstart.Stage.Region, LocalCloudAccounts.Tenant);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Aws = spec.Aws! with { BucketName = "taken-by-tenant" }, Shared = null });

        var store = await tenant.UntilAsync(item => Tenant.Is(item, "Stalled", "True"));
        Tenant.ReasonOf(store).ShouldBe("NameTaken");
        tenant.Cloud.Count("s3", "PutBucketPolicy").ShouldBe(0);
    }

    [Fact]
    public async Task A_retained_bucket_outlives_its_store_and_pins_the_key()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await tenant.Stage.Kube.Api<EncryptedStore>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "store"), null, CancellationToken.None);
        await GoneAsync<EncryptedStore>(tenant, "store");
        tenant.Cloud.HasBucket(bucket).ShouldBeTrue();

        await tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "key"), null, CancellationToken.None);
        for (var look = 0; look < 400
            && Conditions.Find((await tenant.KeyAsync()).Status?.Conditions ?? [], "Stalled") is null; look++)
        {
            await Task.Delay(50);
        }

        Conditions.Find((await tenant.KeyAsync()).Status!.Conditions, "Stalled")!.Reason.ShouldBe("KeyInUse");
    }

    [Fact]
    public async Task Delete_takes_the_data_only_after_the_stores_own_name_was_typed()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { DeletionPolicy = DeletionPolicies.Delete });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var address = new ObjectKey(Tenant.Namespace, "store");

        await tenant.Stage.Kube.Api<EncryptedStore>().DeleteAsync(address, null, CancellationToken.None);
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "DeletionNotConfirmed");
        tenant.Cloud.HasBucket(bucket).ShouldBeTrue();

        await tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            address,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ConfirmDelete] = "store" } },
            },
            CancellationToken.None);
        await GoneAsync<EncryptedStore>(tenant, "store");
        tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
    }

    internal static async Task GoneAsync<T>(Tenant tenant, string name)
        where T : class, IResource<T>
    {
        for (var look = 0; look < 600; look++)
        {
            if (await tenant.Stage.Kube.Api<T>()
                .TryGetAsync(new ObjectKey(Tenant.Namespace, name), CancellationToken.None) is null)
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{T.Kind.Kind} {name} is still there");
    }
}
