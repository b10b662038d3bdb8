using System.Text.Json.Nodes;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;
using static CloudStories.Leaving;

namespace CloudStories;

/// <summary>A store that is deleted by ReturnToShared gives its data back first;
/// its object goes when nothing is left.</summary>
public sealed class DeletedBackStories
{
    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_the_data_is_back_before_the_object_goes() => DeleteAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_the_data_is_back_before_the_object_goes() => DeleteAsync(new AzureScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_another_policy_takes_the_copies_back_and_retains_the_store() => RetainAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_another_policy_takes_the_copies_back_and_retains_the_store() => RetainAsync(new AzureScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_a_key_revoked_on_the_way_closes_the_store_and_only_the_same_key_leads_on() =>
        RevokeAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_a_key_revoked_on_the_way_closes_the_store_and_only_the_same_key_leads_on() =>
        RevokeAsync(new AzureScene());

    [Fact(Timeout = LastResort.Story)]
    public async Task A_shared_place_that_is_gone_or_was_taken_out_of_the_Tenant_keeps_the_object_and_loses_nothing()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await SettleAsync(tenant);
        scene.RemoveShared();
        await ConfirmAsync(tenant);
        await tenant.DeleteAsync<EncryptedStore>("store");
        var told = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "SharedPlaceMissing");
        TenantLife.Is(told, "Stalled", "True").ShouldBeTrue();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");

        scene.MakeShared();
        await GiveSharedAsync(tenant, given: false);
        await tenant.LookAsync();
        told = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "NotGranted");
        TenantLife.Is(told, "Stalled", "True").ShouldBeTrue();
        (await scene.ListSharedAsync("")).ShouldBeEmpty();

        await GiveSharedAsync(tenant, given: true);
        await tenant.UntilGoneAsync();
        await ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
        scene.Stands(store).ShouldBeFalse();
    }

    private static async Task DeleteAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await SettleAsync(tenant);
        await tenant.DeleteAsync<EncryptedStore>("store");
        var asked = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "ReturnNotConfirmed");
        TenantLife.Is(asked, "Stalled", "True").ShouldBeTrue();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingAsync()).ShouldNotBeNull("it goes on serving");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();

        await ConfirmAsync(tenant);
        await tenant.UntilGoneAsync();
        scene.Stands(store).ShouldBeFalse();
        (await scene.ListSharedAsync("acme/")).ShouldBe(["acme/a.txt", "acme/b.txt"]);
        await scene.PutSharedAsync("acme/a.txt", "writes are open");
        await tenant.DeleteAsync<TenantEncryptionKey>("key");
        await Until.TrueAsync("the key is let go", async () => await tenant.KeyAsync() is null);
        scene.SwitchKey(on: false);
    }

    private static async Task RetainAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await SettleAsync(tenant);
        var turnstile = await HeldAfterOneAsync(tenant);
        await PatchAsync(tenant,
            new JsonObject { ["spec"] = new JsonObject { ["deletionPolicy"] = DeletionPolicies.Retain } });
        turnstile.Open();
        await tenant.UntilGoneAsync();
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        scene.Stands(store).ShouldBeTrue();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        await scene.PutSharedAsync("acme/a.txt", "writes are open");
    }

    private static async Task RevokeAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await SettleAsync(tenant);
        var turnstile = await HeldAfterOneAsync(tenant);

        scene.SwitchKey(on: false);
        await Until.TrueAsync("the store is shut", async () => await scene.ListAsync(store, "acme/") is null);
        await Until.TrueAsync("its binding is gone", async () => await tenant.BindingAsync() is null);
        turnstile.Open();
        var told = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "NothingToReturn");
        TenantLife.Is(told, "Stalled", "True").ShouldBeTrue();
        (await scene.ListAsync(store, "acme/")).ShouldBeNull();

        scene.SwitchKey(on: true);
        await tenant.UntilGoneAsync();
        scene.Stands(store).ShouldBeFalse();
        (await scene.ListSharedAsync("acme/")).ShouldBe(["acme/a.txt", "acme/b.txt"]);
        await scene.PutSharedAsync("acme/a.txt", "writes are open");
    }

    private static async Task<StoreLocation> SettleAsync(TenantLife tenant)
    {
        await tenant.Scene.PutSharedAsync("acme/b.txt", "bee");
        return await tenant.SettleAsync(DeletionPolicies.ReturnToShared);
    }

    private static async Task<LocalCloud.Faults.Turnstile> HeldAfterOneAsync(TenantLife tenant)
    {
        var turnstile = new LocalCloud.Faults.Turnstile();
        turnstile.Admit(1);
        tenant.Scene.HoldCopies(turnstile);
        await ConfirmAsync(tenant);
        await tenant.DeleteAsync<EncryptedStore>("store");
        await Until.TrueAsync("one object was copied back",
            async () => (await tenant.Scene.ListSharedAsync("acme/")).Count == 1);
        return turnstile;
    }

    /// <summary>The platform gives the tenant its shared place, or takes it out.</summary>
    private static Task GiveSharedAsync(TenantLife tenant, bool given)
    {
        var anything = Quickstart.Stage.Anything(tenant.Namespace);
        return tenant.Stage.GiveAsync(tenant.Namespace, given ? anything : anything with { Shared = new() });
    }
}
