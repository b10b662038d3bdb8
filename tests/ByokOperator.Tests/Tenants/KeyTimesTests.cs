using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Xunit;
using Tenant = ByokOperator.Api.Tenant;

namespace ByokOperator.Tests.Tenants;

/// <summary>A key that asks for more than the platform allows is judged by what that allows, and told.</summary>
public sealed class KeyTimesTests
{
    private static readonly TenantLimits limits = new() { MinProbeInterval = "5s", MaxStaleness = "1h" };

    [Theory]
    [InlineData("30s", "15m", "30s", "15m", "as asked")]
    [InlineData("4s", "1h", "5s", "1h", "asked too often")]
    [InlineData("30s", "61m", "30s", "1h", "borne too long")]
    [InlineData("1s", "168h", "5s", "1h", "both")]
    [InlineData("1s", "3s", "5s", "5s", "one late probe would close every store")]
    [InlineData("soon", "15m", "soon", "15m", "what is no time is told elsewhere")]
    [InlineData("1h", "1m", "1h", "1m", "a spec that contradicts itself stays so")]
    public void What_is_beyond_a_limit_counts_as_far_as_that_goes(
        string probe, string staleness, string interval, string timeout, string why)
    {
        var within = KeyTimes.Within(new() { ProbeInterval = probe, MaxStaleness = staleness }, KeyBounds.Of(limits));
        (within.ProbeInterval, within.MaxStaleness).ShouldBe((interval, timeout), why);
    }

    [Fact]
    public void A_key_that_is_asked_less_often_than_it_may_be_left_unproved_is_asked_in_time() =>
        KeyTimes.Within(new() { ProbeInterval = "10m", MaxStaleness = "15m" },
            KeyBounds.Of(limits with { MaxStaleness = "1m" }))
                .ShouldBe(new() { ProbeInterval = "1m", MaxStaleness = "1m" });

    [Fact]
    public void Limits_that_can_not_be_read_are_those_of_a_Tenant_that_says_nothing() =>
        KeyTimes.Within(new() { ProbeInterval = "1s", MaxStaleness = "168h" },
            KeyBounds.Of(new() { MinProbeInterval = "often", MaxStaleness = "long" }))
            .ShouldBe(new() { ProbeInterval = "5s", MaxStaleness = "24h" });

    [Fact]
    public void The_limits_of_a_moment_are_read_once_and_a_namespace_of_nobody_has_those_of_a_Tenant_that_says_nothing()
    {
        var tenant = new Tenant
        {
            Metadata = new ObjectMeta { Name = "acme" },
            Spec = new TenantSpec
            {
                Namespaces = [new() { Name = "acme" }, new() { Name = "acme-sandbox" }],
                Limits = limits,
            },
        };
        var authority = Authority.Of([tenant]);
        authority.BoundsOf("acme").ShouldBe(KeyBounds.Of(limits));
        authority.BoundsOf("acme-sandbox").ShouldBeSameAs(authority.BoundsOf("acme"));
        authority.BoundsOf("nobody").ShouldBeSameAs(KeyBounds.Default);
    }

    [Fact]
    public async Task What_the_platform_lowers_counts_at_once_for_keys_that_stand_and_is_told()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var observer = new KeyObserver(lookout.Around, new KeyLiveReads(lookout.Around),
            new ImportObserver(lookout.Around, uploads: null!, requests: null!));
        (await observer.LookAsync(key, CancellationToken.None)).Capped.ShouldBe("");
        await GiveAsync(lookout, limits with { MaxStaleness = "1m" });
        var world = await observer.LookAsync(key, CancellationToken.None);
        world.MaxStaleness.ShouldBe(TimeSpan.FromMinutes(1));
        world.Capped.ShouldBe("spec.revocation.maxStaleness: 15m is beyond what the platform allows, and 1m counts");
        KeyLadder.WhenWanted[0].Look(world).ShouldBe(new Finding.Holds("Capped", world.Capped));
        StoreKeys.AllowedStalenessOf(lookout.Around.Cluster.Standing(key), Fact.Seen<KeySnapshot?>(null))
            .ShouldBe(TimeSpan.FromMinutes(1), "its stores close by then too");
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .DeleteAsync(new ObjectKey("", Lookout.Namespace), null, CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace) is null);
        var asking = key with { Spec = key.Spec with { Revocation = new() { MaxStaleness = "168h" } } };
        lookout.Around.Cluster.Standing(asking).Spec.Revocation.MaxStaleness
            .ShouldBe("24h", "nobody is borne longer for having no tenant");
    }

    private static async Task GiveAsync(Lookout lookout, TenantLimits limits)
    {
        var spec = Quickstart.Stage.Anything(Lookout.Namespace) with { Limits = limits };
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .ApplyAsync(new() { Metadata = new ObjectMeta { Name = Lookout.Namespace }, Spec = spec }, "test",
                CancellationToken.None);
        await Lookout.UntilAsync(() =>
            lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)?.Spec.Limits == limits);
    }
}
