using System.Text;
using ByokOperator.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>What a tenant and a platform live through, the same on every cloud. Who runs them says on which.</summary>
public abstract class TenantStories
{
    private protected abstract ICloudScene NewScene();

    [Fact]
    public async Task The_data_moves_under_the_tenants_key_and_a_neighbour_stays_where_it_is()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.Scene.PutSharedAsync("acme/ünï/cødé.txt", "two");
        await tenant.Scene.PutSharedAsync("acme2/a.txt", "neighbour");

        var store = await tenant.SettleAsync();

        (await tenant.Scene.ListAsync(store, "acme/")).ShouldBe(["acme/a.txt", "acme/ünï/cødé.txt"]);
        (await tenant.Scene.ReadAsync(store, "acme/ünï/cødé.txt")).ShouldBe("two");
        (await tenant.Scene.ListSharedAsync("acme")).ShouldBe(["acme2/a.txt"]);
        var binding = (await tenant.BindingAsync()).ShouldNotBeNull();
        binding.Data!["key"].ShouldBe(tenant.Scene.KeyId);
        (await tenant.UntilReadyAsync()).Status!.ActiveKey.ShouldBe(tenant.Scene.KeyId);
    }

    [Fact]
    public async Task A_report_of_a_store_that_serves_finds_it_under_the_key_and_nothing_amiss()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.SettleAsync();

        var report = await tenant.ReportAsync();

        ((string?)report["observed"]!["keyId"]).ShouldBe(tenant.Scene.KeyId);
        report["deviations"]!.AsArray().ShouldBeEmpty();
        report["unseen"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disabled_key_closes_the_store_and_the_same_key_opens_it()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync();

        tenant.Scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull("a closed store is not even listed");
        (await tenant.Scene.ReadAsync(store, "acme/a.txt")).ShouldBeNull();
        (await tenant.BindingAsync()).ShouldBeNull();

        tenant.Scene.SwitchKey(on: true);
        await tenant.UntilReadyAsync();
        (await tenant.Scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_right_that_is_taken_away_closes_the_store_and_given_back_opens_it()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync();

        tenant.Scene.Grant(may: false);
        await tenant.UntilClosedAsync();
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull();

        tenant.Scene.Grant(may: true);
        await tenant.UntilReadyAsync();
        (await tenant.Scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
    }

    [Fact]
    public async Task Another_key_under_the_same_id_keeps_the_store_closed()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.SettleAsync();

        tenant.Scene.ReplaceKey();

        var closed = await tenant.UntilAsync(store =>
            store.Status?.Availability == "Closed" && TenantLife.ReasonOf(store) == "KeyReplaced");
        TenantLife.Is(closed, "Stalled", "True").ShouldBeTrue();
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("KeyReplaced");
    }

    [Fact]
    public async Task Nobody_to_ask_holds_the_store_open_until_max_staleness_and_no_longer()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.ApplyKeyAsync(key => key with { Revocation = key.Revocation with { MaxStaleness = "1h" } });
        await tenant.ApplyStoreAsync(prefix: null);
        await tenant.UntilReadyAsync();

        tenant.Scene.SilenceKeys(silent: true);
        await tenant.UntilAsync(store =>
            TenantLife.Is(store, "Ready", "Unknown") && store.Status?.Availability == "Open");
        await tenant.ApplyKeyAsync(key => key with { Revocation = key.Revocation with { MaxStaleness = "15s" } });
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("UnknownTooLong");

        tenant.Scene.SilenceKeys(silent: false);
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task The_tenants_own_word_closes_the_store_and_takes_it_back()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.SettleAsync();

        await tenant.ApplyKeyAsync(key =>
            key with { State = KeyStates.Revoked, Revocation = key.Revocation with { Confirm = "revoke" } });
        await tenant.UntilClosedAsync();
        (await tenant.BindingAsync()).ShouldBeNull();

        await tenant.ApplyKeyAsync();
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task What_is_somebody_elses_is_left_alone()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(own: tenant.Scene.TakeName(), prefix: null);

        var store = await tenant.UntilAsync(item => TenantLife.Is(item, "Stalled", "True"));

        TenantLife.ReasonOf(store).ShouldBe("NameTaken");
    }

    [Fact]
    public async Task A_key_of_the_other_cloud_is_refused_and_nothing_is_made()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.ApplyKeyAsync(isElsewhere: true);
        await tenant.ApplyStoreAsync(prefix: null);

        var store = await tenant.UntilAsync(item => TenantLife.Is(item, "Stalled", "True"));

        TenantLife.ReasonOf(store).ShouldBe("SpecInvalid");
        Conditions.Find(store.Status!.Conditions, "Ready")!.Message.ShouldContain("name a key with");
        tenant.Scene.Stands(store.Status.Location!).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_retained_outlives_its_store_and_pins_the_key()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync();

        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilGoneAsync();
        tenant.Scene.Stands(store).ShouldBeTrue();

        await tenant.DeleteAsync<TenantEncryptionKey>("key");
        await tenant.UntilKeyAsync(key => Conditions.Find(key.Status!.Conditions, "Stalled")?.Reason == "KeyInUse");
    }

    [Fact]
    public async Task Delete_takes_the_data_only_after_the_stores_own_name_was_typed()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync(DeletionPolicies.Delete);

        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "DeletionNotConfirmed");
        tenant.Scene.Stands(store).ShouldBeTrue();

        await tenant.ConfirmDeletionAsync();
        await tenant.UntilGoneAsync();
        tenant.Scene.Stands(store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_closed_store_can_be_let_go_and_what_is_retained_stays_closed()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync();
        tenant.Scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();

        await tenant.DeleteAsync<EncryptedStore>("store");

        await tenant.UntilGoneAsync();
        tenant.Scene.Stands(store).ShouldBeTrue();
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull();
        (await tenant.BindingAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_store_is_deleted_with_its_data_once_its_name_was_typed()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        var store = await tenant.SettleAsync(DeletionPolicies.Delete);
        tenant.Scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "DeletionNotConfirmed");
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull("it is closed for as long as it stands");

        await tenant.ConfirmDeletionAsync();

        await tenant.UntilGoneAsync();
        tenant.Scene.Stands(store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_nobody_can_look_at_is_held_open_until_max_staleness_and_no_longer()
    {
        await using var tenant = await TenantLife.BeginAsync(NewScene());
        await tenant.ApplyKeyAsync(key => key with { Revocation = key.Revocation with { MaxStaleness = "15s" } });
        await tenant.ApplyStoreAsync(prefix: null);
        await tenant.UntilReadyAsync();

        tenant.Scene.SilenceStores(silent: true);
        await tenant.LookAsync();
        await tenant.UntilAsync(store =>
            TenantLife.Is(store, "TargetPrepared", "Unknown") && store.Status?.Availability == "Open");
        (await tenant.BindingAsync()).ShouldNotBeNull();
        var closed = await tenant.UntilAsync(store =>
            store.Status?.Availability == "Closing" && TenantLife.Is(store, "BindingRemoved", "True"));
        closed.Status!.ClosedReason.ShouldBe("StoreUnseenTooLong");
        (await tenant.KeyAsync())!.Status!.Verdict.ShouldBe("Usable");

        tenant.Scene.SilenceStores(silent: false);
        await tenant.UntilReadyAsync();
        (await tenant.BindingAsync()).ShouldNotBeNull();
    }
}
