using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Grants stand on keys of the platform's own, while their store is open, and no longer.</summary>
public sealed class GrantStories
{
    [Fact]
    public async Task A_grant_on_an_imported_key_goes_with_a_revocation_and_comes_back_with_the_same_key()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var (arn, secret) = await SettleAsync(tenant);
        tenant.Cloud.GrantCount(arn).ShouldBe(1);

        await tenant.ApplyImportedKeyAsync(KeyStates.Revoked, "revoke");
        await tenant.UntilClosedAsync();
        tenant.Cloud.GrantCount(arn).ShouldBe(0);

        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UploadAsync(secret);
        await tenant.UntilReadyAsync();
        tenant.Cloud.GrantCount(arn).ShouldBe(1);
    }

    [Fact]
    public async Task A_grant_goes_even_where_the_key_object_was_taken_away_by_force()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var (arn, _) = await SettleAsync(tenant);

        var key = new ObjectKey(Tenant.Namespace, "key");
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().DeleteAsync(key, null, CancellationToken.None);
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } },
            CancellationToken.None);

        var closed = await tenant.UntilAsync(store =>
            Tenant.Is(store, "TargetDenied", "True") && Tenant.Is(store, "GrantsRevoked", "True"));
        closed.Status!.ClosedReason.ShouldBe("KeyMissing");
        tenant.Cloud.GrantCount(arn).ShouldBe(0, "our record knows the key that its object no longer names");
    }

    [Fact]
    public async Task A_key_that_is_gone_for_good_took_its_grants_along_and_holds_up_no_closing()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var (arn, _) = await SettleAsync(tenant);

        tenant.Cloud.RemoveKey(arn);

        var closed = await tenant.UntilClosedAsync();
        Tenant.Is(closed, "GrantsRevoked", "True").ShouldBeTrue();
    }

    [Fact]
    public async Task A_role_that_the_platform_takes_from_the_tenant_loses_its_grant_and_the_store_stays_open()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var (arn, _) = await SettleAsync(tenant);
        var given = Quickstart.Stage.Anything(Tenant.Namespace);

        await tenant.Stage.GiveAsync(Tenant.Namespace,
            given with { Stores = given.Stores with { DataPrincipals = null } });
        await global::Cluster.Tests.Primitives.Until.TrueAsync("nobody is let in",
            () => Task.FromResult(tenant.Cloud.GrantCount(arn) == 0));
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");

        await tenant.Stage.GiveAsync(Tenant.Namespace, given);
        await global::Cluster.Tests.Primitives.Until.TrueAsync("the role is let in again",
            () => Task.FromResult(tenant.Cloud.GrantCount(arn) == 1));
    }

    private static async Task<(string Arn, byte[] Secret)> SettleAsync(Tenant tenant)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UploadAsync(secret);
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        return ((await tenant.KeyAsync()).Status!.Keys!.Single().Id, secret);
    }
}
