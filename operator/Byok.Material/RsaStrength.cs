using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// Judges an RSA private key: of a size that is taken, its numbers one key, and none of the known ways to be guessed:
/// primes that are equal or close (Fermat), a small private exponent (Wiener), primes made by the faulty library of
/// certain smart cards (ROCA, CVE-2017-15361). That the primes are prime is shown by use:
/// under composite ones a random number would not come back.
/// </summary>
internal static class RsaStrength
{
    /// <summary>FIPS 186-5, A.1.3: the primes differ within their highest 100 bits.</summary>
    private const int CloseBits = 100;

    /// <summary>Each lets a composite number pass with a chance that is negligible already.</summary>
    private const int Rounds = 2;

    private const int LeastExponent = 65537;
    private const int MostExponentBytes = 4;
    private const string Make =
        "make one with `byok-operator key generate --rsa 3072` or openssl genpkey -algorithm RSA";

    private static readonly int[] Sizes = [2048, 3072, 4096];

    /// <summary>The primes in which ROCA's keys stand out, each with the remainders that a key of theirs leaves:
    /// the powers of 65537.</summary>
    private static readonly (int Prime, HashSet<int> Remainders)[] Marks =
    [
        .. new[]
        {
            11,
            13,
            17,
            19,
            37,
            53,
            61,
            71,
            73,
            79,
            97,
            103,
            107,
            109,
            127,
            151,
            157,
        }.Select(prime => (prime, PowersOf(LeastExponent, prime))),
    ];

    /// <summary>Whether the public half is what is taken: asked before any hash is compared,
    /// because these need no secret to be told.</summary>
    public static OpenedMaterial.Refused? JudgePublic(RsaNumbers key)
    {
        if (!Sizes.Contains(key.Bits))
        {
            return new(RefusalCodes.KeyWrongSize,
                $"the RSA key has {key.Bits} bits: 2048, 3072 and 4096 are taken; {Make}");
        }

        var exponent = key.PublicExponent.Span.TrimStart((byte)0);
        return exponent.Length > MostExponentBytes
            || new BigInteger(exponent, isUnsigned: true, isBigEndian: true) is var value
                && (value < LeastExponent || value.IsEven)
            ? new(RefusalCodes.KeyExponent,
                $"the RSA key's public exponent is not taken: 65537 is usual, an odd one from there to 2^32 is taken; "
                    + $"{Make}")
            : null;
    }

    /// <param name="key">one that <see cref="JudgePublic"/> has passed</param>
    /// <param name="pkcs8">where it was read from</param>
    public static OpenedMaterial.Refused? Judge(RsaNumbers key, ReadOnlySpan<byte> pkcs8)
    {
        if (HasRocaMarks(key))
        {
            return Weak("its modulus bears the mark of a faulty generator, ROCA");
        }

        using var page = new SecretPage(SecretPage.Capacity);
        var desk = new RsaDesk(MemoryMarshal.Cast<byte, uint>(page.GetSpan()), key.Bits);
        return !desk.TryRead(key) || !desk.PrimesMakeModulus() ? Inconsistent
            : desk.PrimesDistance() < key.Bits / 2 - CloseBits ? Weak("its two primes are equal or close to each other")
            : desk.PrivateExponentBits() <= key.Bits / 2 ? Weak("its private exponent is small")
            : desk.ExponentsFit() && Works(pkcs8) ? null
            : Inconsistent;
    }

    private static OpenedMaterial.Refused Inconsistent =>
        new(RefusalCodes.KeyInconsistent,
            $"the numbers in the RSA key do not belong together: it was damaged, or put together by hand; {Make}");

    private static OpenedMaterial.Refused Weak(string why) =>
        new(RefusalCodes.KeyWeak, $"the RSA key could be guessed ({why}): {Make}");

    private static bool Works(ReadOnlySpan<byte> pkcs8)
    {
        try
        {
            using var pair = RSA.Create();
            pair.ImportPkcs8PrivateKey(pkcs8, out _);
            for (var round = 0; round < Rounds; round++)
            {
                var sent = RandomNumberGenerator.GetBytes(sizeof(ulong));
                if (!pair.Decrypt(pair.Encrypt(sent, RSAEncryptionPadding.OaepSHA256), RSAEncryptionPadding.OaepSHA256)
                    .AsSpan().SequenceEqual(sent))
                {
                    return false;
                }
            }

            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool HasRocaMarks(RsaNumbers key)
    {
        var modulus = new BigInteger(key.Modulus.Span, isUnsigned: true, isBigEndian: true);
        return Marks.All(mark => mark.Remainders.Contains((int)(modulus % mark.Prime)));
    }

    private static HashSet<int> PowersOf(int number, int prime)
    {
        HashSet<int> powers = [];
        for (var power = 1; powers.Add(power);)
        {
            power = (int)((long)power * number % prime);
        }

        return powers;
    }
}
