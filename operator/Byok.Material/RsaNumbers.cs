using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>The numbers of an RSA private key as slices of the PKCS#8 that they were read from: nothing is copied.
/// Big-endian, perhaps with a zero in front.</summary>
internal sealed record RsaNumbers
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Fix =
        "convert it by: openssl pkcs8 -topk8 -nocrypt -outform DER -in KEY, or let `byok-operator key wrap` read it";

    public required ReadOnlyMemory<byte> Modulus { get; init; }

    public required ReadOnlyMemory<byte> PublicExponent { get; init; }

    public required ReadOnlyMemory<byte> PrivateExponent { get; init; }

    public required ReadOnlyMemory<byte> P { get; init; }

    public required ReadOnlyMemory<byte> Q { get; init; }

    /// <summary>The private exponent modulo p - 1.</summary>
    public required ReadOnlyMemory<byte> DP { get; init; }

    /// <summary>The private exponent modulo q - 1.</summary>
    public required ReadOnlyMemory<byte> DQ { get; init; }

    /// <summary>The inverse of q modulo p.</summary>
    public required ReadOnlyMemory<byte> InverseQ { get; init; }

    public int Bits =>
        Digits(Modulus) is [var first, ..] digits ? digits.Length * 8 - (byte.LeadingZeroCount(first)) : 0;

    /// <summary>The numbers, or why there are none.</summary>
    public static (RsaNumbers? Numbers, OpenedMaterial.Refused? Refusal) Read(ReadOnlyMemory<byte> pkcs8)
    {
        try
        {
            var outer = new AsnReader(pkcs8, AsnEncodingRules.DER);
            var info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            if (info.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            {
                return NotPkcs8("is protected by a password: wrap it without, the wrapping protects it");
            }

            _ = info.ReadIntegerBytes();
            return info.PeekTag() switch
            {
                var tag when tag.HasSameClassAndValue(Asn1Tag.Sequence) => ReadInfo(info),
                var tag when tag.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString) => NotRsa("an elliptic curve key"),
                _ => NotPkcs8($"is in the older PKCS#1 form: {Fix}"),
            };
        }
        catch (AsnContentException)
        {
            return pkcs8.Span.StartsWith("-----BEGIN"u8) ? NotPkcs8($"is PEM: {Fix}")
                : NotPkcs8($"is something else, of {pkcs8.Length} bytes: {Fix}");
        }
    }

    /// <summary>SHA-256 of the public half (SubjectPublicKeyInfo, DER): what a tenant states as the key hash.</summary>
    public byte[] PublicHash()
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteIntegerUnsigned(Digits(Modulus));
            key.WriteIntegerUnsigned(Digits(PublicExponent));
        }

        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier(RsaEncryption);
                info.WriteNull();
            }

            info.WriteBitString(key.Encode());
        }

        return SHA256.HashData(info.Encode());
    }

    public override string ToString() => $"an RSA private key of {Bits} bits (not shown)";

    private static (RsaNumbers?, OpenedMaterial.Refused?) ReadInfo(AsnReader info)
    {
        var algorithm = info.ReadSequence().ReadObjectIdentifier();
        if (algorithm != RsaEncryption)
        {
            return NotRsa(
                algorithm switch { EllipticCurve => "an elliptic curve key", RsaPss =>
                    "an RSA key for signatures alone (RSASSA-PSS)", _ => "a key of another algorithm" });
        }

        if (!info.TryReadPrimitiveOctetString(out var inner))
        {
            return NotPkcs8($"is damaged: {Fix}");
        }

        var reader = new AsnReader(inner, AsnEncodingRules.DER);
        var key = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        if (Digits(key.ReadIntegerBytes()).Length > 0)
        {
            return (null,
                new(RefusalCodes.KeyInconsistent,
                    "the RSA key has more than two primes: make one with `byok-operator key generate --rsa 3072`"));
        }

        var numbers = new RsaNumbers
        {
            Modulus = Positive(key),
            PublicExponent = Positive(key),
            PrivateExponent = Positive(key),
            P = Positive(key),
            Q = Positive(key),
            DP = Positive(key),
            DQ = Positive(key),
            InverseQ = Positive(key),
        };
        key.ThrowIfNotEmpty();
        return (numbers, null);
    }

    private static ReadOnlyMemory<byte> Positive(AsnReader key) =>
        key.ReadIntegerBytes() is var number && number.Span[0] < 0x80 && number.Span.ContainsAnyExcept((byte)0)
            ? number
            : throw new AsnContentException("a number of an RSA key is positive");

    private static ReadOnlySpan<byte> Digits(ReadOnlyMemory<byte> number) => number.Span.TrimStart((byte)0);

    private static (RsaNumbers?, OpenedMaterial.Refused) NotPkcs8(string found) =>
        (null, new(RefusalCodes.KeyNotPkcs8, $"what was wrapped is to be a private key in PKCS#8, DER, and {found}"));

    private static (RsaNumbers?, OpenedMaterial.Refused) NotRsa(string found) =>
        (null,
            new(RefusalCodes.KeyNotRsa,
                $"what was wrapped is {found}: storage accounts take RSA keys alone, of 2048, 3072 or 4096 bits; make "
                    + "one with `byok-operator key generate --rsa 3072`"));
}
