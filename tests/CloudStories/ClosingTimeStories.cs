using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>How soon a store on Azure is closed, whatever takes its key away,
/// and how long it is held where nobody says anything.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class ClosingTimeStories
{
    private const int Tenants = 8;
    private const int Seed = 20261121;
    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan promised = probeInterval + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan maxStaleness = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan tokenLifetime = TimeSpan.FromSeconds(6);

    /// <summary>A closing that can't be finished is tried again so often.</summary>
    private static readonly TimeSpan closingRecheck = TimeSpan.FromSeconds(15);

    [Fact(Timeout = LastResort.Story)]
    public async Task
        A_key_that_is_disabled_and_a_role_that_is_removed_close_their_stores_within_the_probe_interval_and_two_seconds()
    {
        await using var platform = await AzurePlatform.OpenAsync(Tenants);
        var stores = await Task.WhenAll(platform.Tenants.Select(tenant => SettleAsync(tenant.Life)));

        var disabled = await RevokeAllAsync(platform, stores, tenant => tenant.Scene.SwitchKey(on: false));
        var enabled = await OpenAllAsync(platform, tenant => tenant.Scene.SwitchKey(on: true));
        var unroled = await RevokeAllAsync(platform, stores, tenant => tenant.Scene.Grant(may: false));
        var roled = await OpenAllAsync(platform, tenant => tenant.Scene.Grant(may: true));

        Say(
            $"key disabled: worst of {Tenants} closed after {disabled.TotalSeconds:0.0} s; role removed: "
                + $"{unroled.TotalSeconds:0.0} s (promised: {promised.TotalSeconds:0} s);"
                + $" key enabled: worst open after {enabled.TotalSeconds:0.0} s; role given back: "
                + $"{roled.TotalSeconds:0.0} s");
        disabled.ShouldBeLessThanOrEqualTo(promised);
        unroled.ShouldBeLessThanOrEqualTo(promised);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task
        With_Resource_Manager_down_a_store_is_held_until_max_staleness_and_a_revoked_one_closes_as_far_as_it_goes()
    {
        await using var platform = await AzurePlatform.OpenAsync(tenants: 2);
        var (held, revoked) = (platform.Tenants[0], platform.Tenants[1]);
        var stores = await Task.WhenAll(platform.Tenants.Select(tenant => SettleAsync(tenant.Life)));

        platform.Silence("arm", silent: true);
        await held.Life.LookAsync();
        await held.Life.UntilAsync(store =>
            TenantLife.Is(store, "TargetPrepared", "Unknown") && store.Status?.Availability == "Open");
        var unknown = TimeProvider.System.GetTimestamp();
        revoked.Scene.SwitchKey(on: false);
        var unbound = await Clocked.UntilAsync(async () => await revoked.Life.BindingAsync() is null);
        (await held.Life.BindingAsync()).ShouldNotBeNull("nothing is known against its key");
        await Clocked.UntilAsync(async () => await held.Life.BindingAsync() is null);
        // the status comes after the denial was tried, which takes its time now
        var timeout = TimeProvider.System.GetElapsedTime(unknown);
        var closed = await held.Life.UntilAsync(store =>
            store.Status?.Availability == "Closing" && TenantLife.Is(store, "BindingRemoved", "True"));
        closed.Status!.ClosedReason.ShouldBe("StoreUnseenTooLong");

        platform.Silence("arm", silent: false);
        var shut = await Clocked.UntilAsync(() => revoked.Scene.IsShutAsync(stores[1]));
        await held.Life.UntilReadyAsync();
        (await held.Scene.IsShutAsync(stores[0])).ShouldBeFalse();

        Say(
            $"Resource Manager down: unknown and held, closed {timeout.TotalSeconds:0.0} s later (maxStaleness: "
                + $"{maxStaleness.TotalSeconds:0} s);"
                + $" a key disabled meanwhile: unbound after {unbound.TotalSeconds:0.0} s (promised: "
                + $"{promised.TotalSeconds:0} s), its account shut {shut.TotalSeconds:0.0} s after Resource Manager "
                + "was back");
        timeout.ShouldBeInRange(maxStaleness - TimeSpan.FromSeconds(3), maxStaleness + TimeSpan.FromSeconds(4));
        unbound.ShouldBeLessThanOrEqualTo(promised);
        shut.ShouldBeLessThanOrEqualTo(closingRecheck + TimeSpan.FromSeconds(4));
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task With_Entra_down_the_key_is_unknown_once_the_tokens_end_and_the_store_is_held_until_max_staleness()
    {
        await using var platform = await AzurePlatform.OpenAsync(tenants: 1, tokenLifetime);
        var (life, scene) = platform.Tenants[0];
        await SettleAsync(life);

        platform.Silence("entra", silent: true);
        var known = await Clocked.UntilAsync(async () =>
            (await life.KeyAsync())!.Status is { Verdict: "Unknown", UnknownSince: not null });
        (await life.BindingAsync()).ShouldNotBeNull("not knowing is borne for a while");
        var timeout = await Clocked.UntilAsync(async () => await life.BindingAsync() is null);
        (await life.UntilAsync(store => store.Status?.Availability == "Closing")).Status!.ClosedReason
            .ShouldBe("UnknownTooLong");

        platform.Silence("entra", silent: false);
        await life.UntilReadyAsync();
        (await life.BindingAsync()).ShouldNotBeNull();

        Say(
            $"Entra down: unknown after {known.TotalSeconds:0.0} s (tokens last {tokenLifetime.TotalSeconds:0} s), "
                + $"held, closed {timeout.TotalSeconds:0.0} s later (maxStaleness: {maxStaleness.TotalSeconds:0} s)");
        known.ShouldBeLessThanOrEqualTo(tokenLifetime + promised);
        timeout.ShouldBeInRange(maxStaleness - TimeSpan.FromSeconds(3), maxStaleness + TimeSpan.FromSeconds(4));
    }

    private static async Task<StoreLocation> SettleAsync(TenantLife life)
    {
        await life.ApplyKeyAsync(key => key with
        {
            Revocation = new KeyRevocation
            {
                ProbeInterval = $"{probeInterval.TotalSeconds}s",
                MaxStaleness = $"{maxStaleness.TotalSeconds}s",
            },
        });
        await life.ApplyStoreAsync(prefix: null);
        return (await life.UntilReadyAsync()).Status!.Location!;
    }

    /// <summary>Each at a moment of its own between two probes; closed is:
    /// nobody gets in and nobody is told the way.</summary>
    private static async Task<TimeSpan> RevokeAllAsync(
        AzurePlatform platform, StoreLocation[] stores, Action<AzureTenant> revoke)
    {
        var draw = new Random(Seed);
        var moments = platform.Tenants.Select(_ => probeInterval * draw.NextDouble()).ToList();
        return (await Task.WhenAll(platform.Tenants.Select(async (tenant, at) =>
        {
            await Task.Delay(moments[at]);
            revoke(tenant);
            return await Clocked.UntilAsync(async () =>
                await tenant.Life.BindingAsync() is null && await tenant.Scene.IsShutAsync(stores[at]));
        }))).Max();
    }

    private static async Task<TimeSpan> OpenAllAsync(AzurePlatform platform, Action<AzureTenant> restore) =>
        (await Task.WhenAll(platform.Tenants.Select(async tenant =>
        {
            await tenant.Life.UntilClosedAsync();
            restore(tenant);
            return await Clocked.UntilAsync(async () => await tenant.Life.BindingAsync() is not null);
        }))).Max();

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage($"{what}; {Load.Now}");
}
