using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Tests.Material;

/// <summary>A tenant's RSA keys, made once for all tests, and ways to wrap and to spoil them.</summary>
internal static class TenantRsa
{
    private static readonly Lazy<RSA> small = new(() => RSA.Create(1024));
    private static readonly Lazy<RSA> usual = new(() => RSA.Create(2048));
    private static readonly Lazy<RSA> middle = new(() => RSA.Create(3072));

    public static RSA Usual => usual.Value;

    public static RSA Of(int bits) =>
        bits switch { 1024 => small.Value, 2048 => usual.Value, 3072 => middle.Value, _ => Platform.ForeignPair };

    public static string HashOf(RSA key) => Platform.HashOf(key.ExportSubjectPublicKeyInfo());

    public static byte[] Wrap(RSA key) => Wrap(key.ExportPkcs8PrivateKey());

    /// <summary>CKM_RSA_AES_KEY_WRAP of any content, under an AES key of any length.</summary>
    public static byte[] Wrap(
        byte[] content, RSA? pair = null, RSAEncryptionPadding? padding = null, int aesBytes = KeyWrap.KeyBytes)
    {
        var key = RandomNumberGenerator.GetBytes(aesBytes);
        return [.. Platform.Wrap(key, padding, pair), .. KeyWrap.Wrap(key, content)];
    }

    public static OpenedMaterial Open(byte[] uploaded, string? keyHash = null, bool legacy = false) =>
        MaterialOpener.Open(Platform.Keys, uploaded, keyHash, legacy, MaterialKind.RsaPrivate);

    /// <summary>PKCS#8 of whatever numbers, which no library would export.</summary>
    public static byte[] Pkcs8(params IReadOnlyList<BigInteger> numbers) => Pkcs8("1.2.840.113549.1.1.1", 0, numbers);

    public static byte[] Pkcs8(string algorithm, int version, IReadOnlyList<BigInteger> numbers)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(version);
            foreach (var number in numbers)
            {
                key.WriteInteger(number);
            }
        }

        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            info.WriteInteger(0);
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier(algorithm);
                info.WriteNull();
            }

            info.WriteOctetString(key.Encode());
        }

        return info.Encode();
    }

    /// <summary>n, e, d, p, q, dp, dq, qi.</summary>
    public static BigInteger[] Numbers(RSA key)
    {
        var parts = key.ExportParameters(includePrivateParameters: true);
        return
        [
            .. new[]
            {
                parts.Modulus,
                parts.Exponent,
                parts.D,
                parts.P,
                parts.Q,
                parts.DP,
                parts.DQ,
                parts.InverseQ,
            }.Select(part => new BigInteger(part, isUnsigned: true, isBigEndian: true)),
        ];
    }

    /// <summary>All eight numbers in harmony, whether p and q are primes or not.</summary>
    public static BigInteger[] Harmony(BigInteger p, BigInteger q, BigInteger e)
    {
        var d = Inverse(e, (p - 1) * (q - 1) / BigInteger.GreatestCommonDivisor(p - 1, q - 1));
        return [p * q, e, d, p, q, d % (p - 1), d % (q - 1), Inverse(q, p)];
    }

    private static BigInteger Inverse(BigInteger number, BigInteger modulus)
    {
        var (before, now, beforeFactor, factor) = (modulus, number % modulus, BigInteger.Zero, BigInteger.One);
        while (now > 0)
        {
            var times = before / now;
            (before, now) = (now, before - times * now);
            (beforeFactor, factor) = (factor, beforeFactor - times * factor);
        }

        return before.IsOne ? (beforeFactor + modulus) % modulus
            : throw new ArgumentException("has no inverse", nameof(number));
    }
}
