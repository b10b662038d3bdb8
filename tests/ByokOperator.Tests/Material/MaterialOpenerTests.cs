using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

public sealed class MaterialOpenerTests
{
    private static readonly byte[] Secret = Platform.Secret();
    private static readonly byte[] Wrapped = Platform.Wrap(Secret);
    private static readonly string Base64 = Convert.ToBase64String(Wrapped);
    private static readonly string Hash = Platform.HashOf(Secret);

    [Fact]
    public void The_wrapped_file_opens_as_it_is() => Opens(Wrapped);

    [Fact]
    public void Its_base64_opens() => Opens(Text(Base64));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData(" ")]
    [InlineData("\n  ")]
    public void Its_base64_opens_in_lines_however_they_end(string end) =>
        Opens(Text(string.Join(end, Base64.Chunk(64).Select(line => new string(line))) + end));

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(76)]
    public void Its_base64_opens_in_lines_however_long(int width) =>
        Opens(Text(string.Join('\n', Base64.Chunk(width).Select(line => new string(line)))));

    [Theory]
    [InlineData("  \t", "\r\n\r\n ")]
    [InlineData("\uFEFF", "")]
    public void White_space_and_a_byte_order_mark_around_it_do_no_harm(string before, string after) =>
        Opens(Text(before + Base64 + after));

    [Fact]
    public void A_secret_wrapped_with_the_previous_key_still_opens() =>
        Opens(Platform.Wrap(Secret, pair: Platform.PreviousPair));

    [Fact]
    public void No_key_hash_is_no_fault() =>
        Open(Wrapped, null).ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();

    [Theory]
    [InlineData(" ", "\r\n")]
    [InlineData("\n", "\n\n")]
    public void White_space_around_the_key_hash_does_no_harm(string before, string after) =>
        Open(Wrapped, before + Hash + after).ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();

    [Fact]
    public void Sha1_opens_by_consent() =>
        Open(Platform.Wrap(Secret, RSAEncryptionPadding.OaepSHA1), Hash, legacy: true)
            .ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();

    [Fact]
    public void Sha256_opens_with_that_consent_too() =>
        Open(Wrapped, Hash, legacy: true).ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pkcs1_padding_never_opens(bool legacy) =>
        Code(Open(Platform.Wrap(Secret, RSAEncryptionPadding.Pkcs1), Hash, legacy)).ShouldBe(RefusalCodes.UnwrapFailed);

    [Fact]
    public void Sha1_without_consent_does_not_open() =>
        Code(Open(Platform.Wrap(Secret, RSAEncryptionPadding.OaepSHA1))).ShouldBe(RefusalCodes.UnwrapFailed);

    [Theory]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Other_hashes_do_not_open(string hash) =>
        Code(
            Open(Platform.Wrap(Secret, RSAEncryptionPadding.CreateOaep(new HashAlgorithmName(hash))), Hash,
                legacy: true)).ShouldBe(RefusalCodes.UnwrapFailed);

    [Fact]
    public void A_secret_wrapped_for_another_region_does_not_open() =>
        Code(Open(Platform.Wrap(Secret, pair: Platform.ForeignPair))).ShouldBe(RefusalCodes.UnwrapFailed);

    [Fact]
    public void A_secret_wrapped_for_a_key_that_has_expired_does_not_open() =>
        Code(MaterialOpener.Open([Platform.Current], Platform.Wrap(Secret, pair: Platform.PreviousPair), Hash, false))
            .ShouldBe(RefusalCodes.UnwrapFailed);

    [Fact]
    public void All_that_fails_behind_the_private_key_is_answered_alike()
    {
        var damaged = (byte[])Wrapped.Clone();
        damaged[^1] ^= 1;
        var aboveModulus = Enumerable.Repeat((byte)0xFF, 512).ToArray();
        var answers = new[]
        {
            damaged,
            aboveModulus,
            new byte[512],
            RandomNumberGenerator.GetBytes(512),
            Platform.Wrap(Secret, RSAEncryptionPadding.Pkcs1),
            Platform.Wrap(Secret, pair: Platform.ForeignPair),
        }
            .Select(upload => Open(upload)).ToList();
        answers.Distinct().Count().ShouldBe(1);
        Code(answers[0]).ShouldBe(RefusalCodes.UnwrapFailed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(44)]
    [InlineData(64)]
    public void A_secret_of_another_length_is_refused_with_its_length(int length)
    {
        var refused = Open(Platform.Wrap(RandomNumberGenerator.GetBytes(length)))
            .ShouldBeOfType<OpenedMaterial.Refused>();
        refused.Code.ShouldBe(RefusalCodes.WrongLength);
        refused.Message.ShouldContain($"has {length} bytes");
    }

    [Fact]
    public void The_hash_of_another_secret_is_a_mismatch() =>
        Code(Open(Wrapped, Platform.HashOf(Platform.Secret()))).ShouldBe(RefusalCodes.HashMismatch);

    [Fact]
    public void The_hash_of_the_wrapped_file_is_named_as_such() =>
        Code(Open(Wrapped, Platform.HashOf(Wrapped))).ShouldBe(RefusalCodes.HashOfUpload);

    [Fact]
    public void The_hash_of_the_base64_that_was_uploaded_is_named_as_such() =>
        Code(Open(Text(Base64), Platform.HashOf(Text(Base64)))).ShouldBe(RefusalCodes.HashOfUpload);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hash_in_hex_is_named_as_such(bool upper)
    {
        var hex = Convert.ToHexString(SHA256.HashData(Secret));
        Code(Open(Wrapped, upper ? hex : hex.ToLowerInvariant())).ShouldBe(RefusalCodes.HashInHex);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all")]
    [InlineData("Key Hash: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeQ=")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF\u00d6=")]
    public void A_hash_that_is_not_base64_of_32_bytes_is_malformed(string hash) =>
        Code(Open(Wrapped, hash)).ShouldBe(RefusalCodes.HashMalformed);

    [Fact]
    public void A_hash_without_end_is_malformed() =>
        Code(Open(Wrapped, new string('A', 100_000))).ShouldBe(RefusalCodes.HashMalformed);

    private static void Opens(byte[] uploaded)
    {
        using var material = Open(uploaded).ShouldBeOfType<OpenedMaterial.Opened>().Material;
        material.Bytes.SequenceEqual(Secret).ShouldBeTrue();
    }

    private static OpenedMaterial Open(byte[] uploaded) => Open(uploaded, Hash);

    private static OpenedMaterial Open(byte[] uploaded, string? hash, bool legacy = false) =>
        Platform.Open(uploaded, hash, legacy);

    private static string Code(OpenedMaterial opened) => opened.ShouldBeOfType<OpenedMaterial.Refused>().Code;

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
