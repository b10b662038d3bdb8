using System.Security.Cryptography;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>How long an answer takes tells nothing: whatever becomes of an upload,
/// the same is tried in the same order.</summary>
public sealed class EqualWorkTests
{
    private static readonly byte[] Secret = Platform.Secret();

    public static TheoryData<string, byte[]> Uploads => new()
    {
        { "opens with the first key", Platform.Wrap(Secret) },
        { "opens with the last key", Platform.Wrap(Secret, pair: Platform.PreviousPair) },
        { "opens by SHA-1", Platform.Wrap(Secret, RSAEncryptionPadding.OaepSHA1) },
        { "has another length", Platform.Wrap(Secret[..16]) },
        { "is PKCS#1 v1.5", Platform.Wrap(Secret, RSAEncryptionPadding.Pkcs1) },
        { "is of a foreign key", Platform.Wrap(Secret, pair: Platform.ForeignPair) },
        { "is above the modulus", Enumerable.Repeat((byte)0xFF, 512).ToArray() },
        { "is zero", new byte[512] },
    };

    [Theory]
    [MemberData(nameof(Uploads))]
    public void Every_key_is_tried_with_every_padding_that_is_allowed(string upload, byte[] uploaded)
    {
        Tried(uploaded, legacy: false)
            .ShouldBe(["current OaepSHA256 into True", "previous OaepSHA256 into True"], upload);
        Tried(uploaded, legacy: true).ShouldBe(
            ["current OaepSHA256 into True", "current OaepSHA1 into True", "previous OaepSHA256 into True",
                "previous OaepSHA1 into True"], upload);
    }

    [Fact]
    public void A_key_of_another_size_is_not_tried()
    {
        using var smaller = RSA.Create(2048);
        List<string> tried = [];
        using WrappingKey current = new("current", new CountingRsa("current", Platform.CurrentPair, tried), default),
            small = new("small", new CountingRsa("small", smaller, tried), default);
        MaterialOpener.Open([small, current], Platform.Wrap(Secret), null, false)
            .ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();
        MaterialOpener.Open([small, current], Platform.Wrap(Secret, pair: smaller), null, false)
            .ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();
        tried.ShouldBe(["current OaepSHA256 into True", "small OaepSHA256 into True"]);
    }

    [Fact]
    public void Several_uploads_at_a_time_open_with_one_key()
    {
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, count =>
        {
            var secret = Platform.Secret();
            var opened = Platform.Open(
                Platform.Wrap(secret, pair: count % 2 == 0 ? Platform.CurrentPair : Platform.PreviousPair),
                Platform.HashOf(secret));
            opened.ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();
        });
    }

    private static List<string> Tried(byte[] uploaded, bool legacy)
    {
        List<string> tried = [];
        using WrappingKey current = new("current", new CountingRsa("current", Platform.CurrentPair, tried), default),
            previous = new("previous", new CountingRsa("previous", Platform.PreviousPair, tried), default);
        (MaterialOpener.Open([current, previous], uploaded, Platform.HashOf(Secret), legacy)
            as OpenedMaterial.Opened)?.Material.Dispose();
        return tried;
    }
}
