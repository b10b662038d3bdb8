using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Byok.Import.Wrapping;
using Byok.Material;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Byok.Import.Tests;

public sealed class WrappingKeeperTests
{
    private static readonly TimeSpan year = TimeSpan.FromDays(365);

    [Fact]
    public async Task The_first_leader_makes_a_key_and_publishes_its_public_half()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.KeepAsync();

        var secret = (await ring.SecretsAsync()).ShouldHaveSingleItem();
        (secret.Metadata.Name, secret.Type,
            secret.Immutable).ShouldBe(("byok-wrapping-eu-1", "kubernetes.io/tls", true));
        var published = await ring.PublicAsync();
        using var certificate = X509Certificate2.CreateFromPem(published.Data!["certificate.pem"]);
        using var key = certificate.GetRSAPublicKey()!;
        (key.ExportSubjectPublicKeyInfoPem() + "\n").ShouldBe(published.Data["public.pem"]);
        new WrappingOptions { Namespace = Keyring.Namespace }.KeyBits.ShouldBe(4096);
        published.Data["notAfter"].ShouldBe("2027-03-01T12:00:00Z");
        published.Data.Values.ShouldAllBe(text => !text.Contains("PRIVATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_leaders_at_once_end_with_one_key_that_both_publish()
    {
        await using var ring = await Keyring.StartAsync();
        await Task.WhenAll(ring.KeepAsync(), ring.NewKeeper().KeepAsync(CancellationToken.None));

        using var key = (await ring.Platform.ReadAsync(CancellationToken.None)).ShouldHaveSingleItem();
        (await ring.PublicAsync()).Data!["keyId"].ShouldBe(key.Id);
    }

    /// <summary>Which is what an alert goes by, after a restart too.</summary>
    [Fact]
    public async Task The_end_of_a_key_that_can_not_be_renewed_is_told()
    {
        await using var ring = await Keyring.StartAsync();
        ring.Time.Pass(TimeSpan.FromSeconds(4711)); // no other test's key ends then
        await ring.KeepAsync();
        var end = (ring.Time.GetUtcNow() + year).ToUnixTimeSeconds();
        ring.Time.Pass(year - TimeSpan.FromHours(1));
        ring.Server.Faults.Refuse(500, times: 100, which: (method, _) => method == "POST");
        using var told = new Told("byok.wrapping_key.expiry.timestamp");

        await Should.ThrowAsync<KubeException>(() => ring.NewKeeper().KeepAsync(CancellationToken.None));

        told.Values.ShouldContain(end);
    }

    [Fact]
    public async Task A_key_whose_successor_s_name_is_taken_is_not_kept_until_the_name_is_free()
    {
        await using var ring = await Keyring.StartAsync();
        (await ring.Keeper.KeepAsync(CancellationToken.None)).ShouldBeTrue();
        var taken = new ObjectKey(Keyring.Namespace, "byok-wrapping-eu-2");
        await ring.Kube.Api<Secret>().CreateAsync(
            new Secret { Metadata = new ObjectMeta { Name = taken.Name, Namespace = taken.Namespace } },
            CancellationToken.None);
        ring.Time.Pass(year - TimeSpan.FromHours(1));
        (await ring.Keeper.KeepAsync(CancellationToken.None)).ShouldBeFalse();

        await ring.Kube.Api<PartialObject<Secret>>().DeleteAsync(taken, null, CancellationToken.None);
        (await ring.Keeper.KeepAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task At_rest_nothing_is_written()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.KeepAsync();
        var writes = Writes(ring);
        ring.Time.Pass(TimeSpan.FromDays(30));
        await ring.KeepAsync();
        Writes(ring).ShouldBe(writes);
    }

    [Fact]
    public async Task A_published_half_that_somebody_changed_is_put_right()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.KeepAsync();
        var right = (await ring.PublicAsync()).Data!["public.pem"];
        await ring.Kube.Api<ConfigMap>().PatchMergeAsync(
            new ObjectKey(Keyring.Namespace, "byok-wrapping-public-eu"),
            new JsonObject { ["data"] = new JsonObject { ["public.pem"] = "another" } }, CancellationToken.None);
        await ring.KeepAsync();
        (await ring.PublicAsync()).Data!["public.pem"].ShouldBe(right);
    }

    [Fact]
    public async Task A_secret_wrapped_before_the_renewal_opens_until_the_overlap_is_over()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.KeepAsync();
        using var secret = KeyMaterial.Generate();
        var wrapped = Wrap(await ring.PublicAsync(), secret);

        ring.Time.Pass(year - ring.Platform.Options.RenewBefore);
        await ring.KeepAsync();
        (await ring.SecretsAsync()).Select(one => one.Metadata.Name).Order()
            .ShouldBe(["byok-wrapping-eu-1", "byok-wrapping-eu-2"]);
        (await ring.PublicAsync()).Data!["keyId"]
            .ShouldBe((await ring.Keys.OpenersAsync(CancellationToken.None))[0].Id);
        (await OpensAsync(ring, wrapped)).ShouldBeTrue("renewed, and the old one is still valid");

        ring.Time.Pass(ring.Platform.Options.RenewBefore + ring.Platform.Options.Overlap - TimeSpan.FromDays(1));
        await ring.KeepAsync();
        (await OpensAsync(ring, wrapped)).ShouldBeTrue("expired, and within the overlap");

        ring.Time.Pass(TimeSpan.FromDays(1));
        (await OpensAsync(ring, wrapped)).ShouldBeFalse("no opener is given out past the overlap, kept or not");
        await ring.KeepAsync();
        (await ring.SecretsAsync()).ShouldHaveSingleItem().Metadata.Name.ShouldBe("byok-wrapping-eu-2");
    }

    [Fact]
    public async Task The_newest_key_stays_however_old_it_is_until_it_has_a_successor()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.KeepAsync();
        ring.Time.Pass(year * 3);
        await ring.KeepAsync();
        (await ring.SecretsAsync()).ShouldHaveSingleItem().Metadata.Name.ShouldBe("byok-wrapping-eu-2");
        (await ring.Keys.OpenersAsync(CancellationToken.None)).ShouldHaveSingleItem().NotAfter
            .ShouldBeGreaterThan(ring.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_spoilt_secret_opens_nothing_and_its_number_is_not_given_again()
    {
        await using var ring = await Keyring.StartAsync();
        var spoilt = WrappingSecret.Make(ring.Platform.Options, 1, ring.Time.GetUtcNow());
        spoilt = spoilt with
        {
            Data = new Dictionary<string, byte[]>
            {
                ["tls.crt"] = spoilt.Data!["tls.crt"],
                ["tls.key"] = "none"u8.ToArray(),
            },
        };
        await ring.Kube.Api<Secret>().CreateAsync(spoilt, CancellationToken.None);
        await ring.KeepAsync();
        using var key = (await ring.Platform.ReadAsync(CancellationToken.None)).ShouldHaveSingleItem();
        key.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Another_regions_key_is_not_seen()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.Kube.Api<Secret>()
            .CreateAsync(WrappingSecret.Make(ring.Platform.Options with { Name = "us" }, 1, ring.Time.GetUtcNow()),
                CancellationToken.None);
        (await ring.Keys.OpenersAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    private static byte[] Wrap(ConfigMap published, KeyMaterial secret)
    {
        using var key = RSA.Create();
        key.ImportFromPem(published.Data!["public.pem"]);
        return key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);
    }

    private static async Task<bool> OpensAsync(Keyring ring, byte[] wrapped)
    {
        var openers = await ring.Keys.OpenersAsync(CancellationToken.None);
        var opened = openers is [] ? null : MaterialOpener.Open(openers, wrapped, null, false) as OpenedMaterial.Opened;
        opened?.Material.Dispose();
        return opened is not null;
    }

    private static int Writes(Keyring ring) =>
        ring.Server.Counts.Where(count => !count.Key.StartsWith("GET", StringComparison.Ordinal))
            .Sum(count => count.Value);

    /// <summary>What a gauge is set to, by whomever in this process.</summary>
    private sealed class Told : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly ConcurrentQueue<long> values = new();

        public Told(string gauge)
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == gauge)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Enqueue(value));
            listener.Start();
        }

        public IReadOnlyCollection<long> Values => values;

        public void Dispose() => listener.Dispose();
    }
}
