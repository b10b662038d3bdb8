using System.Security.Cryptography;
using Byok.Import.Wrapping;
using Shouldly;
using Xunit;

namespace Byok.Import.Tests;

public sealed class PairEncryptionTests
{
    private const string Home = "acme\nkey\n0011";

    private static readonly WrappingOptions options = new() { Namespace = "byok-system", KeyBits = 2048 };

    [Fact]
    public void A_sealed_key_opens_under_the_same_wrapping_key_and_for_the_same_tenant_alone()
    {
        using var platform = NewKey(1);
        using var other = NewKey(1);
        using var pair = RSA.Create(2048);
        var closed = PairEncryption.Encrypt(platform, pair, Home);

        using var opened = PairEncryption.Decrypt([other, platform], closed, Home).ShouldNotBeNull();
        opened.ExportSubjectPublicKeyInfo().ShouldBe(pair.ExportSubjectPublicKeyInfo());
        PairEncryption.Decrypt([platform], closed, "beta\nkey\n0011").ShouldBeNull();
        PairEncryption.Decrypt([other], closed, Home).ShouldBeNull();
        PairEncryption.Decrypt([], closed, Home).ShouldBeNull();
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_keeps_it_shut()
    {
        using var platform = NewKey(1);
        using var pair = RSA.Create(2048);
        var closed = PairEncryption.Encrypt(platform, pair, Home);
        for (var at = 0; at < closed.Length; at += at < 16 ? 1 : 97)
        {
            var changed = (byte[])closed.Clone();
            changed[at] ^= 1;
            PairEncryption.Decrypt([platform], changed, Home).ShouldBeNull($"byte {at} changed");
            PairEncryption.Decrypt([platform], closed[..at], Home).ShouldBeNull($"cut at {at}");
        }
    }

    [Fact]
    public void The_private_key_is_nowhere_in_what_is_stored()
    {
        using var platform = NewKey(1);
        using var pair = RSA.Create(2048);
        var prime = pair.ExportParameters(true).P!;
        pair.ExportPkcs8PrivateKey().AsSpan().IndexOf(prime).ShouldBeGreaterThan(0, "the search finds what is there");
        PairEncryption.Encrypt(platform, pair, Home).AsSpan().IndexOf(prime).ShouldBe(-1);
    }

    private static PlatformKey NewKey(int generation) =>
        WrappingSecret.Read(WrappingSecret.Make(options, generation, DateTimeOffset.UnixEpoch)).ShouldNotBeNull();
}
