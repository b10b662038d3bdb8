using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>Uploads of RSA private keys: what opens, what does not, and what is judged after.</summary>
public sealed class RsaOpenerTests
{
    private static readonly byte[] Pkcs8 = TenantRsa.Usual.ExportPkcs8PrivateKey();
    private static readonly byte[] Wrapped = TenantRsa.Wrap(Pkcs8);
    private static readonly string Hash = TenantRsa.HashOf(TenantRsa.Usual);

    /// <summary>As published with the fault.</summary>
    private static readonly int[] primesWithMarks =
        [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public void A_wrapped_key_of_each_size_opens(int bits)
    {
        var key = TenantRsa.Of(bits);
        using var material = TenantRsa.Open(TenantRsa.Wrap(key), TenantRsa.HashOf(key))
            .ShouldBeOfType<OpenedMaterial.Opened>().Material;
        material.Kind.ShouldBe(MaterialKind.RsaPrivate);
        material.Bytes.SequenceEqual(key.ExportPkcs8PrivateKey()).ShouldBeTrue();
        material.HashText().ShouldBe(TenantRsa.HashOf(key));
    }

    [Fact]
    public void Its_base64_opens_and_the_previous_wrapping_key_serves()
    {
        Opens(Encoding.ASCII.GetBytes(Convert.ToBase64String(Wrapped, Base64FormattingOptions.InsertLineBreaks)));
        Opens(TenantRsa.Wrap(Pkcs8, Platform.PreviousPair));
    }

    [Fact]
    public void Sha1_opens_by_consent_alone()
    {
        var legacy = TenantRsa.Wrap(Pkcs8, padding: RSAEncryptionPadding.OaepSHA1);
        TenantRsa.Open(legacy, Hash, legacy: true).ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();
        Code(TenantRsa.Open(legacy, Hash)).ShouldBe(RefusalCodes.UnwrapFailed);
    }

    [Fact]
    public void All_that_fails_while_unwrapping_is_answered_alike()
    {
        var answers = new[]
        {
            TenantRsa.Wrap(Pkcs8, Platform.ForeignPair), TenantRsa.Wrap(Pkcs8, padding: RSAEncryptionPadding.Pkcs1),
            TenantRsa.Wrap(Pkcs8, padding: RSAEncryptionPadding.OaepSHA1),
            TenantRsa.Wrap(Pkcs8, aesBytes: 16), TenantRsa.Wrap(Pkcs8, aesBytes: 24), Flipped(0), Flipped(300),
            Flipped(512), Flipped(1000), Flipped(Wrapped.Length - 1),
            Wrapped[..^8], [.. Wrapped, .. new byte[8]], [.. Wrapped[..512], .. Wrapped[520..]],
            [.. new byte[512], .. Wrapped[512..]], [.. Wrapped[..512], .. new byte[1224]],
        }.Select(upload => TenantRsa.Open(upload, Hash)).ToList();
        answers.Distinct().Count().ShouldBe(1);
        Code(answers[0]).ShouldBe(RefusalCodes.UnwrapFailed);
    }

    [Fact]
    public void The_hash_is_that_of_the_public_half()
    {
        foreach (var other
            in new[]
            {
                Platform.HashOf(Pkcs8),
                TenantRsa.HashOf(TenantRsa.Of(3072)),
                Platform.HashOf(TenantRsa.Usual.ExportRSAPublicKey()),
            })
        {
            var refused = TenantRsa.Open(Wrapped, other).ShouldBeOfType<OpenedMaterial.Refused>();
            refused.Code.ShouldBe(RefusalCodes.HashMismatch);
            refused.Message.ShouldContain("public half");
        }

        Code(TenantRsa.Open(Wrapped, Platform.HashOf(Wrapped))).ShouldBe(RefusalCodes.HashOfUpload);
    }

    [Fact]
    public void An_encrypted_passphrase_in_the_place_of_the_hash_is_told()
    {
        var refused = TenantRsa.Open(Wrapped,
            Convert.ToBase64String(Platform.Wrap("a passphrase"u8.ToArray()), Base64FormattingOptions.InsertLineBreaks))
                .ShouldBeOfType<OpenedMaterial.Refused>();
        refused.Code.ShouldBe(RefusalCodes.HashIsPassphrase);
        refused.Message.ShouldContain("key wrap");
    }

    [Fact]
    public void A_secret_is_no_RSA_key_and_an_RSA_key_no_secret()
    {
        Code(TenantRsa.Open(Platform.Wrap(Platform.Secret()), Hash)).ShouldBe(RefusalCodes.WrongSize);
        Code(TenantRsa.Open(TenantRsa.Wrap(Platform.Secret()), Hash)).ShouldBe(RefusalCodes.KeyNotRsa);
        Code(Platform.Open(Wrapped, Hash)).ShouldBe(RefusalCodes.WrongSize);
    }

    [Fact]
    public void An_elliptic_curve_key_is_refused_by_name()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var form in new[] { curve.ExportPkcs8PrivateKey(), curve.ExportECPrivateKey() })
        {
            var refused = TenantRsa.Open(TenantRsa.Wrap(form)).ShouldBeOfType<OpenedMaterial.Refused>();
            refused.Code.ShouldBe(RefusalCodes.KeyNotRsa);
            refused.Message.ShouldContain("elliptic curve");
        }
    }

    [Fact]
    public void A_key_for_signatures_alone_is_refused_by_name() =>
        Message(TenantRsa.Pkcs8("1.2.840.113549.1.1.10", 0, TenantRsa.Numbers(TenantRsa.Usual)), RefusalCodes.KeyNotRsa)
            .ShouldContain("RSASSA-PSS");

    [Fact]
    public void Another_encoding_of_the_key_is_named_with_its_mend()
    {
        Message(TenantRsa.Usual.ExportRSAPrivateKey(), RefusalCodes.KeyNotPkcs8).ShouldContain("PKCS#1");
        Message(Encoding.ASCII.GetBytes(TenantRsa.Usual.ExportPkcs8PrivateKeyPem()), RefusalCodes.KeyNotPkcs8)
            .ShouldContain("is PEM");
        Message(
            TenantRsa.Usual.ExportEncryptedPkcs8PrivateKey("words",
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)),
                    RefusalCodes.KeyNotPkcs8).ShouldContain("password");
        Message([.. Pkcs8, 0], RefusalCodes.KeyNotPkcs8).ShouldContain("openssl pkcs8");
        Message(TenantRsa.Usual.ExportSubjectPublicKeyInfo(), RefusalCodes.KeyNotPkcs8).ShouldNotBeEmpty();
        Message("hello"u8.ToArray(), RefusalCodes.KeyNotPkcs8).ShouldContain("of 5 bytes");
    }

    [Fact]
    public void A_key_of_1024_bits_is_refused_with_its_size() =>
        Message(TenantRsa.Of(1024).ExportPkcs8PrivateKey(), RefusalCodes.KeyWrongSize).ShouldContain("has 1024 bits");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(257)]
    [InlineData(65538)]
    [InlineData(4294967297)]
    public void A_public_exponent_out_of_use_is_refused(long exponent) =>
        Message(Spoilt(1, new BigInteger(exponent)), RefusalCodes.KeyExponent).ShouldContain("65537");

    public static TheoryData<string, byte[]> Discords
    {
        get
        {
            var numbers = TenantRsa.Numbers(TenantRsa.Usual);
            return new()
            {
                { "another modulus", Spoilt(0, numbers[0] + 2) },
                { "another private exponent", Spoilt(2, numbers[2] + 2) },
                { "another prime", Spoilt(3, numbers[3] - 2) },
                { "primes exchanged",
                    TenantRsa.Pkcs8([numbers[0], numbers[1], numbers[2], numbers[4], numbers[3], .. numbers[5..]]) },
                { "another dp", Spoilt(5, numbers[5] + 2) }, { "another dq", Spoilt(6, numbers[6] - 2) },
                { "another inverse", Spoilt(7, numbers[7] + 1) },
                { "an inverse beyond its prime", Spoilt(7, numbers[7] + numbers[3]) },
                { "another exponent", Spoilt(1, 65539) },
                { "a prime one and the modulus the other",
                    TenantRsa.Pkcs8(
                        [numbers[0], numbers[1], numbers[2], BigInteger.One, numbers[0], .. numbers[5..]]) },
                { "more than two primes", TenantRsa.Pkcs8("1.2.840.113549.1.1.1", 1, numbers) },
                { "a prime that is none",
                    TenantRsa.Pkcs8(TenantRsa.Harmony(MultipleOf(3, numbers[3], numbers[4]), numbers[4], 65537)) },
                { "two primes that are none",
                    TenantRsa.Pkcs8(
                        TenantRsa.Harmony(MultipleOf(3, numbers[3], 5),
                            MultipleOf(5, numbers[4], MultipleOf(3, numbers[3], 5)), 65537)) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Discords))]
    public void Numbers_that_are_not_one_key_are_refused(string discord, byte[] pkcs8) =>
        Message(pkcs8, RefusalCodes.KeyInconsistent).ShouldContain("RSA key", customMessage: discord);

    [Fact]
    public void Close_and_equal_primes_are_weak()
    {
        var numbers = TenantRsa.Numbers(TenantRsa.Usual);
        var prime = numbers[3];
        Message(TenantRsa.Pkcs8([prime * (prime - 2), numbers[1], numbers[2], prime, prime - 2, .. numbers[5..]]),
            RefusalCodes.KeyWeak).ShouldContain("close to each other");
        Message(TenantRsa.Pkcs8([prime * prime, numbers[1], numbers[2], prime, prime, .. numbers[5..]]),
            RefusalCodes.KeyWeak).ShouldContain("equal");
    }

    [Fact]
    public void A_small_private_exponent_is_weak() =>
        Message(Spoilt(2, BigInteger.Pow(2, 1023) + 1), RefusalCodes.KeyWeak).ShouldContain("private exponent");

    [Fact]
    public void A_modulus_with_the_mark_of_faulty_cards_is_weak()
    {
        var marks = primesWithMarks.Aggregate(BigInteger.One, (product, prime) => product * prime);
        var modulus = BigInteger.Pow(2, 2047) / marks * marks + marks + BigInteger.ModPow(65537, 12345, marks);
        Message(Spoilt(0, modulus), RefusalCodes.KeyWeak).ShouldContain("ROCA");
    }

    [Fact]
    public void Nothing_is_told_of_the_key_by_what_it_is_called()
    {
        var opened = TenantRsa.Open(Wrapped, Hash);
        opened.ToString().ShouldBe("Opened { Material = key material (not shown) }");
        (opened as OpenedMaterial.Opened)?.Material.Dispose();
        RsaNumbers.Read(Pkcs8).Numbers!.ToString().ShouldBe("an RSA private key of 2048 bits (not shown)");
    }

    /// <summary>Odd, just below a number; one less has nothing in common with 65537, and itself nothing with another
    /// number that the divisor does not divide: or there were no inverses.</summary>
    private static BigInteger MultipleOf(int divisor, BigInteger below, BigInteger apart)
    {
        (apart % divisor).ShouldNotBe(BigInteger.Zero);
        do
        {
            below -= 2;
        }
        while (below % divisor != 0 || (below - 1) % 65537 == 0
            || !BigInteger.GreatestCommonDivisor(below, apart).IsOne);
        return below;
    }

    private static byte[] Spoilt(int index, BigInteger number)
    {
        var numbers = TenantRsa.Numbers(TenantRsa.Usual);
        numbers[index] = number;
        return TenantRsa.Pkcs8(numbers);
    }

    private static byte[] Flipped(int at)
    {
        var damaged = (byte[])Wrapped.Clone();
        damaged[at] ^= 1;
        return damaged;
    }

    private static void Opens(byte[] uploaded) =>
        TenantRsa.Open(uploaded, Hash).ShouldBeOfType<OpenedMaterial.Opened>().Material.Dispose();

    private static string Message(byte[] content, string code)
    {
        var refused = TenantRsa.Open(TenantRsa.Wrap(content)).ShouldBeOfType<OpenedMaterial.Refused>();
        refused.Code.ShouldBe(code);
        return refused.Message;
    }

    private static string Code(OpenedMaterial opened) => opened.ShouldBeOfType<OpenedMaterial.Refused>().Code;
}
