using System.Globalization;
using Byok.Import.Requests;
using Byok.Import.Tests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Hosting;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>How many import requests a tenant may make, from its Tenant to the import API,
/// which reads no Tenant.</summary>
public sealed class TenantLimitTests
{
    private static readonly ObjectKey one = new("acme", "main");
    private static readonly ObjectKey other = new("acme", "second");
    private static readonly ObjectKey sandbox = new("acme-sandbox", "main");
    private static readonly ObjectKey beta = new("beta", "main");

    [Fact]
    public async Task All_keys_of_a_tenant_in_all_its_namespaces_share_its_limit_and_no_other_tenant_does()
    {
        await using var ring = await Keyring.ReadyAsync();
        await ring.GiveAsync(("acme", "acme", 3), ("acme-sandbox", "acme", 3), ("beta", "beta", 3));
        var began = ring.Time.GetUtcNow();
        foreach (var key in new[] { one, other, sandbox })
        {
            (await IssueAsync(ring, key)).ShouldBeOfType<Issuance.Issued>();
            ring.Time.Pass(TimeSpan.FromHours(1));
        }

        (await IssueAsync(ring, other)).ShouldBe(new Issuance.TenantFull(3, began + TimeSpan.FromHours(24)));
        (await IssueAsync(ring, beta)).ShouldBeOfType<Issuance.Issued>();
        ring.Time.Pass(TimeSpan.FromHours(21));
        (await IssueAsync(ring, other)).ShouldBeOfType<Issuance.Issued>("the first one counts no more");
        (await IssueAsync(ring, sandbox)).ShouldBe(new Issuance.TenantFull(3, began + TimeSpan.FromHours(25)));
    }

    [Fact]
    public async Task The_limit_of_a_key_holds_within_that_of_its_tenant()
    {
        await using var ring = await Keyring.ReadyAsync();
        await ring.GiveAsync(("acme", "acme", 5));
        (await IssueAsync(ring, one, ofKey: 1)).ShouldBeOfType<Issuance.Issued>();
        (await IssueAsync(ring, one, ofKey: 1)).ShouldBeOfType<Issuance.TooMany>();
        (await IssueAsync(ring, other, ofKey: 1)).ShouldBeOfType<Issuance.Issued>();
    }

    [Fact]
    public async Task Of_requests_for_many_keys_at_once_from_many_replicas_no_more_are_made_than_the_tenant_may()
    {
        await using var ring = await Keyring.ReadyAsync();
        await ring.GiveAsync(("acme", "acme", 3));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
            IssueAsync(ring, new ObjectKey("acme", string.Create(CultureInfo.InvariantCulture, $"key-{number}"))))));
        answers.OfType<Issuance.Issued>().Count().ShouldBe(3);
        answers.OfType<Issuance.TenantFull>().Count().ShouldBe(5);
    }

    [Fact]
    public async Task A_limit_that_the_platform_lowers_or_raises_counts_within_seconds()
    {
        await using var ring = await Keyring.ReadyAsync();
        await ring.GiveAsync(("acme", "acme", 3));
        var issuer = Issuer(ring);
        (await issuer.IssueAsync(one, CancellationToken.None)).ShouldBeOfType<Issuance.Issued>();
        (await issuer.IssueAsync(one, CancellationToken.None)).ShouldBeOfType<Issuance.Issued>();
        await ring.GiveAsync(("acme", "acme", 1));
        ring.Time.Pass(TimeSpan.FromSeconds(5));
        (await issuer.IssueAsync(one, CancellationToken.None)).ShouldBeOfType<Issuance.TenantFull>().Limit.ShouldBe(1);
        await ring.GiveAsync(("acme", "acme", 4));
        ring.Time.Pass(TimeSpan.FromSeconds(5));
        (await issuer.IssueAsync(one, CancellationToken.None)).ShouldBeOfType<Issuance.Issued>();
    }

    [Fact]
    public async Task However_often_it_is_asked_the_map_of_all_tenants_is_read_once_in_a_while()
    {
        await using var ring = await Keyring.ReadyAsync();
        var reader = new LimitReader(ring.Kube, Keyring.Namespace, ring.Time);
        var before = ring.Server.Counts["GET configmaps"];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => reader.FindAsync("acme", CancellationToken.None)));
        (ring.Server.Counts["GET configmaps"] - before).ShouldBe(1);
    }

    [Fact]
    public async Task Where_nothing_is_published_no_request_is_made()
    {
        await using var ring = await Keyring.ReadyAsync();
        await ring.Kube.Api<ConfigMap>()
            .DeleteAsync(PublishedLimits.Address(Keyring.Namespace), null, CancellationToken.None);
        (await IssueAsync(ring, one)).ShouldBe(new Issuance.LimitUnknown());
        (await ring.Kube.Api<Secret>()
            .ListPageAsync(RequestCounter.All(Keyring.Namespace), null, CancellationToken.None)).Items
                .ShouldBeEmpty("what is not made is not counted");
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("GROUP")]
    [InlineData("GROUP ")]
    [InlineData("GROUP 0")]
    [InlineData("GROUP -1")]
    [InlineData("GROUP 1e3")]
    [InlineData("GROUP 1001")]
    [InlineData("GROUP 99999999999")]
    [InlineData("GROUP 20 20")]
    [InlineData("../acme 20")]
    [InlineData("ACME 20")]
    public void What_can_not_be_read_is_no_limit_and_lets_nothing_in(string entry)
    {
        var whole = PublishedLimits.Build(Keyring.Namespace,
            [new("acme", TenantLimit.Of("acme", 20)), new("beta", TenantLimit.Of("beta", 20))]);
        var torn = whole with
        {
            Data = new Dictionary<string, string>(whole.Data!)
            {
                [TenantLimit.Digest("acme")] =
                    entry.Replace("GROUP", TenantLimit.Digest("acme"), StringComparison.Ordinal),
            },
        };
        PublishedLimits.Read(torn).Of("acme").ShouldBe(new LimitLook.Unknown());
        PublishedLimits.Read(torn).Of("beta")
            .ShouldBe(new LimitLook.Known(TenantLimit.Of("beta", 20)), "one bad entry is one bad entry");
    }

    [Fact]
    public void A_map_that_was_emptied_says_nothing_of_who_is_no_tenant()
    {
        var whole = PublishedLimits.Build(Keyring.Namespace, [new("acme", TenantLimit.Of("acme", 20))]);
        PublishedLimits.Read(whole).Of("beta").ShouldBe(new LimitLook.NoTenant());
        PublishedLimits.Read(whole with { Data = null }).Of("beta").ShouldBe(new LimitLook.Unknown());
        PublishedLimits.Read(whole with { Data = new Dictionary<string, string>() }).Of("beta")
            .ShouldBe(new LimitLook.Unknown());
        PublishedLimits.Read(whole with { Data = new Dictionary<string, string>(whole.Data!) { ["format"] = "2" } })
            .Of("acme").ShouldBe(new LimitLook.Unknown());
    }

    [Fact]
    public async Task What_is_published_names_no_tenant_and_no_namespace_and_is_written_on_difference_alone()
    {
        await using var ring = await Keyring.StartAsync();
        var tenants = new[] { New("acme", 7, "acme", "acme-sandbox"), New("contoso", 20, "contoso-prod") };
        var keeper = Keeper(ring, tenants);
        await keeper.PublishAsync(CancellationToken.None);
        var map = await ring.Kube.Api<ConfigMap>()
            .GetAsync(PublishedLimits.Address(Keyring.Namespace), CancellationToken.None);
        map.Data!.ShouldAllBe(entry =>
            !entry.Key.Contains("acme", StringComparison.Ordinal)
                && !entry.Value.Contains("acme", StringComparison.Ordinal));
        map.Data!.ShouldAllBe(entry =>
            !entry.Key.Contains("contoso", StringComparison.Ordinal)
                && !entry.Value.Contains("contoso", StringComparison.Ordinal));
        var read = PublishedLimits.Read(map);
        read.Of("acme").ShouldBe(read.Of("acme-sandbox"));
        read.Of("contoso-prod").ShouldBe(new LimitLook.Known(TenantLimit.Of("contoso", 20)));

        await keeper.PublishAsync(CancellationToken.None);
        await Keeper(ring, tenants).PublishAsync(CancellationToken.None);
        ring.Server.Counts["PATCH configmaps"].ShouldBe(1);

        await Keeper(ring, tenants[..1]).PublishAsync(CancellationToken.None);
        var less = await ring.Kube.Api<ConfigMap>()
            .GetAsync(PublishedLimits.Address(Keyring.Namespace), CancellationToken.None);
        PublishedLimits.Read(less).Of("contoso-prod")
            .ShouldBe(new LimitLook.NoTenant(), "a namespace that no Tenant names any more goes");
    }

    [Fact]
    public void
        A_broken_or_deleted_tenant_may_make_none_and_a_namespace_has_the_limit_of_the_oldest_that_names_it()
    {
        var bad = New("bad", 20,
            "bad") with
            {
                Spec = new TenantSpec
                {
                    Namespaces = [new() { Name = "bad" }],
                    Keys = new TenantKeys { AwsAccounts = ["1"] },
                },
            };
        var going = New("going", 20,
            "going") with
            {
                Metadata = new ObjectMeta { Name = "going", DeletionTimestamp = DateTimeOffset.UnixEpoch },
            };
        var published = ImportWiring.LimitsOf(
            Authority.Of([bad, going, New("b-younger", 9, "acme", "mine"), New("acme", 7, "acme")])).ToDictionary();
        published.ShouldBe(
            new Dictionary<string, TenantLimit>
            {
                ["acme"] = TenantLimit.Of("acme", 7),
                ["mine"] = TenantLimit.Of("b-younger", 9),
            }, ignoreOrder: true);
    }

    [Fact]
    public async Task It_is_published_anew_as_soon_as_a_Tenant_changes()
    {
        await using var server = await FakeApiServerHost.StartAsync();
        using var kube = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        var limit = 5;
        var keeper = new LimitKeeper(
            kube, Keyring.Namespace,
            () => ImportWiring.LimitsOf(Authority.Of([New("acme", Volatile.Read(ref limit), "acme")])),
            TimeProvider.System, NullLogger<LimitKeeper>.Instance);
        using var stop = new CancellationTokenSource();
        var running = keeper.RunAsync(stop.Token);
        await UntilAsync(kube, new LimitLook.Known(TenantLimit.Of("acme", 5)));
        Volatile.Write(ref limit, 6);
        keeper.Stir();
        await UntilAsync(kube, new LimitLook.Known(TenantLimit.Of("acme", 6)));
        await stop.CancelAsync();
        await running.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task The_answer_tells_the_limit_and_when_to_come_again()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Ring.GiveAsync(("acme", "acme", 1));
        (await desk.AskAsync(desk.AcmeKey)).EnsureSuccessStatusCode().Dispose();
        desk.Ring.Time.Pass(TimeSpan.FromHours(2));
        using var refused = await desk.AskAsync(desk.AcmeKey);
        var problem = await Desk.JsonAsync(refused, 429);
        ((string)problem["type"]!).ShouldBe("urn:byok:problem:tenant-full");
        ((string)problem["detail"]!).ShouldContain("1 import requests within 24 hours");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromHours(22));
        (await Desk.ProblemAsync(await desk.AskAsync(desk.BetaKey, "/!/ems/enterprises/erin/cmk/import-key-request"),
            409)).ShouldBe("no-tenant");
    }

    private static async Task UntilAsync(KubeClient kube, LimitLook wanted)
    {
        const int Tries = 1_200;
        LimitLook? found = null;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            found = PublishedLimits.Read(await kube.Api<ConfigMap>()
                .TryGetAsync(PublishedLimits.Address(Keyring.Namespace), CancellationToken.None)).Of("acme");
            if (found == wanted)
            {
                return;
            }

            await Task.Delay(50);
        }

        found.ShouldBe(wanted);
    }

    private static Tenant New(string name, int perDay, params string[] namespaces) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new TenantSpec
        {
            Namespaces = [.. namespaces.Select(ns => new TenantSpecNamespace { Name = ns })],
            Limits = new TenantLimits { ImportRequestsPerDay = perDay },
        },
    };

    private static LimitKeeper Keeper(Keyring ring, IEnumerable<Tenant> tenants) =>
        new(ring.Kube, Keyring.Namespace, () => ImportWiring.LimitsOf(Authority.Of(tenants)), ring.Time,
            NullLogger<LimitKeeper>.Instance);

    private static RequestIssuer Issuer(Keyring ring, int ofKey = 100) => new(
        ring.Kube, new RequestOptions { Namespace = Keyring.Namespace, MostPerDay = ofKey }, ring.Platform,
        new KeyPairPool(1, ring.Pairs), ring.Time);

    private static Task<Issuance> IssueAsync(Keyring ring, ObjectKey key, int ofKey = 100) =>
        Issuer(ring, ofKey).IssueAsync(key, CancellationToken.None);
}
