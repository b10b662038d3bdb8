using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Cloud.Azure.Keys;

/// <summary>
/// The numbers of an RSA private key, as slices of the PKCS#8 that they were read from: nothing is copied. Big-endian,
/// perhaps with a zero in front.
/// </summary>
internal sealed class RsaPrivateKey
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    public required ReadOnlyMemory<byte> Modulus { get; init; }

    public required ReadOnlyMemory<byte> Exponent { get; init; }

    /// <summary>d, p, q, dp, dq, qi.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Secrets { get; init; }

    public int Bytes => Modulus.Span.TrimStart((byte)0).Length;

    /// <summary>Storage takes these and no other.</summary>
    public bool IsSuitable => Bytes * 8 is 2048 or 3072 or 4096;

    /// <summary>Hexadecimal; the same wherever the same public key stands.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Modulus.Span.TrimStart((byte)0)));

    /// <summary>Null for what is no RSA private key.</summary>
    public static RsaPrivateKey? Read(ReadOnlyMemory<byte> pkcs8)
    {
        try
        {
            var info = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
            _ = info.ReadIntegerBytes();
            if (info.ReadSequence().ReadObjectIdentifier() != RsaEncryption
                || !info.TryReadPrimitiveOctetString(out var inner))
            {
                return null;
            }

            var key = new AsnReader(inner, AsnEncodingRules.DER).ReadSequence();
            _ = key.ReadIntegerBytes();
            return new RsaPrivateKey
            {
                Modulus = key.ReadIntegerBytes(),
                Exponent = key.ReadIntegerBytes(),
                Secrets = [key.ReadIntegerBytes(), key.ReadIntegerBytes(), key.ReadIntegerBytes(),
                    key.ReadIntegerBytes(), key.ReadIntegerBytes(), key.ReadIntegerBytes()],
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
