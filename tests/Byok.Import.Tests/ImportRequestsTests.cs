using System.Security.Cryptography;
using System.Text;
using Byok.Import.Requests;
using Byok.Material;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Byok.Import.Tests;

public sealed class ImportRequestsTests
{
    private static readonly ObjectKey acme = new("acme", "main");
    private static readonly RequestOptions options = new() { Namespace = Keyring.Namespace, MostPerDay = 2 };

    [Fact]
    public async Task A_request_hands_out_a_fresh_pair_and_a_token_for_a_day()
    {
        await using var ring = await Keyring.ReadyAsync();
        var (first, second) = (await IssueAsync(ring), await IssueAsync(ring));
        first.Request.PublicKeyPem.ShouldStartWith("-----BEGIN PUBLIC KEY-----");
        first.Request.PublicKeyPem.ShouldNotBe(second.Request.PublicKeyPem);
        first.Token.Reveal().ShouldNotBe(second.Token.Reveal());
        first.Request.ExpiresAt.ShouldBe(ring.Time.GetUtcNow() + TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task An_upload_is_accepted_by_another_replica_once()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        var wrapped = Wrap(issued, secret.Bytes);

        var accepted = (await RedeemAsync(ring, issued, wrapped)).ShouldBeOfType<Redemption.Accepted>();
        accepted.KeyHash.ShouldBe(secret.HashText());
        accepted.Ciphertext.ShouldBe(wrapped);
        accepted.IsRepetition.ShouldBeFalse();

        (await RedeemAsync(ring, issued, Wrap(issued, secret.Bytes))).ShouldBeOfType<Redemption.Used>();
        (await RedeemAsync(ring, issued, wrapped)).ShouldBeOfType<Redemption.Accepted>().IsRepetition.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_two_uploads_at_once_one_is_accepted()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        var both = await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => Task.Run(() => RedeemAsync(ring, issued, Wrap(issued, secret.Bytes)))));
        both.OfType<Redemption.Accepted>().ShouldHaveSingleItem();
        both.OfType<Redemption.Used>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_token_is_worth_nothing_for_another_tenant_or_another_key()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        foreach (var other in new[] { new ObjectKey("beta", "main"), new ObjectKey("acme", "second") })
        {
            (await Redeemer(ring)
                .RedeemAsync(other, issued.Token.Reveal(), Wrap(issued, secret.Bytes), false, CancellationToken.None))
                    .ShouldBeOfType<Redemption.Unknown>();
        }

        (await RedeemAsync(ring, issued, Wrap(issued, secret.Bytes))).ShouldBeOfType<Redemption.Accepted>();
    }

    [Fact]
    public async Task A_record_moved_to_another_tenant_by_its_labels_opens_nothing()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        var moved = new ObjectKey("beta", "main");
        await ring.Kube.Api<Secret>()
            .PatchJsonAsync(issued.Request.Metadata.Key,
                JsonPatch.Empty.Replace("/metadata/labels/byok.dev~1for-namespace", "beta"), CancellationToken.None);
        (await New(ring).OpenersAsync(moved, issued.Request.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Redeemer(ring).RedeemAsync(moved, issued.Token.Reveal(), new byte[256], false, CancellationToken.None))
            .ShouldBeOfType<Redemption.Lost>();
    }

    [Fact]
    public async Task An_expired_token_says_so_to_its_holder_and_to_nobody_else()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        ring.Time.Pass(TimeSpan.FromHours(24));
        (await RedeemAsync(ring, issued, new byte[256])).ShouldBeOfType<Redemption.Expired>();
        var guess = issued.Request.Id + ImportToken.Make().Reveal()[16..];
        (await Redeemer(ring).RedeemAsync(acme, guess, new byte[256], false, CancellationToken.None))
            .ShouldBeOfType<Redemption.Unknown>();
    }

    [Fact]
    public async Task Sha1_is_accepted_by_consent_and_v15_never()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        var legacy = Wrap(issued, secret.Bytes, RSAEncryptionPadding.OaepSHA1);
        (await RedeemAsync(ring, issued, legacy)).ShouldBeOfType<Redemption.NotOpened>();
        (await RedeemAsync(ring, issued, Wrap(issued, secret.Bytes, RSAEncryptionPadding.Pkcs1), allowLegacy: true))
            .ShouldBeOfType<Redemption.NotOpened>();
        (await RedeemAsync(ring, issued, legacy, allowLegacy: true)).ShouldBeOfType<Redemption.Accepted>();
    }

    [Fact]
    public async Task What_does_not_open_and_what_is_no_key_ends_alike_and_a_fifth_time_ends_the_request()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        byte[][] wrongs = [Wrap(issued, new byte[16]), Wrap(issued, new byte[33]), Wrap(issued, new byte[32]),
            RandomNumberGenerator.GetBytes(256), RandomNumberGenerator.GetBytes(256)];
        foreach (var wrong in wrongs)
        {
            (await RedeemAsync(ring, issued, wrong)).ShouldBe(new Redemption.NotOpened());
        }

        using var secret = KeyMaterial.Generate();
        (await RedeemAsync(ring, issued, Wrap(issued, secret.Bytes))).ShouldBeOfType<Redemption.Exhausted>();
    }

    [Fact]
    public async Task A_mistake_in_the_public_bytes_is_named_and_costs_no_try()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        for (var attempt = 0; attempt <= ImportRequest.MostFailures; attempt++)
        {
            (await RedeemAsync(ring, issued, "-----BEGIN PKCS7-----"u8.ToArray()))
                .ShouldBeOfType<Redemption.Malformed>().Code.ShouldBe(RefusalCodes.PemArmour);
        }
    }

    [Fact]
    public async Task
        Only_so_many_are_made_for_one_key_within_a_day_whatever_becomes_of_them_and_a_neighbour_is_not_held_up()
    {
        await using var ring = await Keyring.ReadyAsync();
        var began = ring.Time.GetUtcNow();
        var first = await IssueAsync(ring);
        ring.Time.Pass(TimeSpan.FromHours(1));
        var spent = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        await RedeemAsync(ring, first, Wrap(first, secret.Bytes));
        await New(ring).ForgetAsync(acme, first.Request.Id, CancellationToken.None);
        for (var attempt = 0; attempt < ImportRequest.MostFailures; attempt++)
        {
            (await RedeemAsync(ring, spent, RandomNumberGenerator.GetBytes(256)))
                .ShouldBeOfType<Redemption.NotOpened>();
        }

        (await Issuer(ring).IssueAsync(acme, CancellationToken.None))
            .ShouldBe(new Issuance.TooMany(began + TimeSpan.FromHours(24)));
        (await Issuer(ring).IssueAsync(new ObjectKey("beta", "main"), CancellationToken.None))
            .ShouldBeOfType<Issuance.Issued>();

        ring.Time.Pass(TimeSpan.FromHours(23));
        (await Issuer(ring).IssueAsync(acme, CancellationToken.None))
            .ShouldBeOfType<Issuance.Issued>("the first one counts no more");
        (await Issuer(ring).IssueAsync(acme, CancellationToken.None))
            .ShouldBe(new Issuance.TooMany(began + TimeSpan.FromHours(25)));
    }

    [Fact]
    public async Task Of_requests_asked_for_at_once_from_many_replicas_no_more_are_made_than_may_be()
    {
        await using var ring = await Keyring.ReadyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => Issuer(ring).IssueAsync(acme, CancellationToken.None))));
        answers.OfType<Issuance.Issued>().Count().ShouldBe(options.MostPerDay);
        answers.OfType<Issuance.TooMany>().Count().ShouldBe(6 - options.MostPerDay);
        (await New(ring).FindAsync(acme, CancellationToken.None)).Count.ShouldBe(options.MostPerDay);
    }

    [Fact]
    public async Task However_many_requests_stand_a_call_reads_only_what_it_names()
    {
        await using var ring = await Keyring.ReadyAsync();
        var many = options with { MostPerDay = 1_000 };
        var issuer = new RequestIssuer(ring.Kube, many, ring.Platform, new KeyPairPool(1, ring.Pairs), ring.Time);
        var redeemer = Redeemer(ring);
        using var secret = KeyMaterial.Generate();
        async Task<int> CostAsync()
        {
            var before = Reads(ring);
            var issued = (await issuer.IssueAsync(acme, CancellationToken.None)).ShouldBeOfType<Issuance.Issued>();
            (await redeemer.RedeemAsync(acme, issued.Token.Reveal(), Wrap(issued, secret.Bytes), false,
                CancellationToken.None)).ShouldBeOfType<Redemption.Accepted>();
            return Reads(ring) - before;
        }

        await CostAsync(); // learns where the wrapping key stands
        var first = await CostAsync();
        var lists = ring.Server.Lists.GetValueOrDefault("secrets");
        for (var count = 0; count < 20; count++)
        {
            await CostAsync();
        }

        (await CostAsync()).ShouldBe(first);
        ring.Server.Lists.GetValueOrDefault("secrets").ShouldBe(lists);
    }

    [Fact]
    public async Task Without_a_platform_key_no_pair_is_handed_out()
    {
        await using var ring = await Keyring.StartAsync();
        await ring.GiveAsync(("acme", "acme", 20));
        (await Issuer(ring).IssueAsync(acme, CancellationToken.None)).ShouldBeOfType<Issuance.NotReady>();
    }

    [Fact]
    public async Task An_import_opens_what_was_uploaded_until_it_forgets_the_request()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        var wrapped = Wrap(issued, secret.Bytes);
        await RedeemAsync(ring, issued, wrapped);
        ring.Time.Pass(TimeSpan.FromDays(3));

        var requests = New(ring);
        foreach (var id in new[] { issued.Request.Id, null })
        {
            var openers = await requests.OpenersAsync(acme, id, CancellationToken.None);
            openers.ShouldHaveSingleItem("the other one has expired unused");
            using var opened = MaterialOpener.Open(openers, wrapped, null, false)
                .ShouldBeOfType<OpenedMaterial.Opened>().Material;
            opened.IsSameAs(secret).ShouldBeTrue();
        }

        await requests.ForgetAsync(new ObjectKey("beta", "main"), issued.Request.Id, CancellationToken.None);
        (await requests.OpenersAsync(acme, issued.Request.Id, CancellationToken.None))
            .ShouldHaveSingleItem("not the other tenant's to forget");
        await requests.ForgetAsync(acme, issued.Request.Id, CancellationToken.None);
        (await requests.OpenersAsync(acme, issued.Request.Id, CancellationToken.None)).ShouldBeEmpty();
    }

    /// <summary>Somebody writes the upload's Secret himself and names a request that ended.</summary>
    [Fact]
    public async Task An_upload_that_names_a_request_which_expired_unused_is_not_opened()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        (await New(ring).OpenersAsync(acme, issued.Request.Id, CancellationToken.None)).ShouldHaveSingleItem();
        ring.Time.Pass(TimeSpan.FromHours(24));
        (await New(ring).OpenersAsync(acme, issued.Request.Id, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_record_holds_neither_token_nor_private_half()
    {
        await using var ring = await Keyring.ReadyAsync();
        var issued = await IssueAsync(ring);
        var record = await ring.Kube.Api<Secret>().GetAsync(issued.Request.Metadata.Key, CancellationToken.None);
        var all = record.Data!.Values.SelectMany(value => value).ToArray();
        using var pair = RSA.Create();
        all.AsSpan().IndexOf(Encoding.ASCII.GetBytes(issued.Request.PublicKeyPem))
            .ShouldBeGreaterThanOrEqualTo(0, "the search finds what is there");
        all.AsSpan().IndexOf(Encoding.ASCII.GetBytes(issued.Token.Reveal()[17..])).ShouldBe(-1);
        Should.Throw<Exception>(() => pair.ImportPkcs8PrivateKey(issued.Request.EncryptedPair, out _));
    }

    [Fact]
    public async Task The_sweep_collects_what_is_over_and_leaves_the_rest()
    {
        await using var ring = await Keyring.ReadyAsync();
        var used = await IssueAsync(ring);
        using var secret = KeyMaterial.Generate();
        await RedeemAsync(ring, used, Wrap(used, secret.Bytes));
        var abandoned = await IssueAsync(ring);
        var sweep =
            new RequestSweep(ring.Kube, options, LeadershipFence.Alone(), ring.Time, NullLogger<RequestSweep>.Instance);

        ring.Time.Pass(TimeSpan.FromHours(47));
        await sweep.SweepAsync(CancellationToken.None);
        (await New(ring).FindAsync(acme, CancellationToken.None)).Count.ShouldBe(2);
        (await RedeemAsync(ring, abandoned, new byte[256])).ShouldBeOfType<Redemption.Expired>();

        ring.Time.Pass(TimeSpan.FromHours(1));
        await sweep.SweepAsync(CancellationToken.None);
        (await New(ring).FindAsync(acme, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe(used.Request.Id);

        ring.Time.Pass(options.KeepUsed);
        await sweep.SweepAsync(CancellationToken.None);
        (await New(ring).FindAsync(acme, CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef.AAAA")]
    [InlineData("0123456789ABCDEF.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../../secrets.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("0123456789abcdef.!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_token_is_read_as_none(string text) => ImportToken.Parse(text).ShouldBeNull();

    [Fact]
    public void A_token_reads_back_and_shows_itself_nowhere_else()
    {
        var token = ImportToken.Make();
        ImportToken.Parse(token.Reveal()).ShouldNotBeNull().Hash.ShouldBe(token.Hash);
        token.ToString().ShouldNotContain(token.Reveal()[17..]);
        token.Reveal().ShouldMatch("^[0-9a-f]{16}\\.[A-Za-z0-9_-]{43}$");
    }

    /// <summary>A replica that has just started.</summary>
    private static ImportRequests New(Keyring ring) => new(ring.Kube, options, ring.Platform, ring.Time);

    private static RequestIssuer Issuer(Keyring ring) =>
        new(ring.Kube, options, ring.Platform, new KeyPairPool(1, ring.Pairs), ring.Time);

    private static RequestRedeemer Redeemer(Keyring ring) => new(ring.Kube, options, ring.Platform, ring.Time);

    private static int Reads(Keyring ring) =>
        ring.Server.Counts.Where(count => count.Key.StartsWith("GET ", StringComparison.Ordinal))
            .Sum(count => count.Value);

    private static async Task<Issuance.Issued> IssueAsync(Keyring ring) =>
        (await Issuer(ring).IssueAsync(acme, CancellationToken.None)).ShouldBeOfType<Issuance.Issued>();

    private static Task<Redemption> RedeemAsync(
        Keyring ring, Issuance.Issued issued, byte[] uploaded, bool allowLegacy = false) =>
        Redeemer(ring).RedeemAsync(acme, issued.Token.Reveal(), uploaded, allowLegacy, CancellationToken.None);

    private static byte[] Wrap(Issuance.Issued issued, ReadOnlySpan<byte> secret, RSAEncryptionPadding? padding = null)
    {
        using var key = RSA.Create();
        key.ImportFromPem(issued.Request.PublicKeyPem);
        return key.Encrypt(secret, padding ?? RSAEncryptionPadding.OaepSHA256);
    }
}
