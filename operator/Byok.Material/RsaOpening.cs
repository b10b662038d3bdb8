using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// The second half of opening an RSA key: what the AES key wraps, and whether that is a key to take. The AES key that
/// was not found is replaced by nothing at all: the work is done with it all the same,
/// so that one answer covers every failure, in words and in time.
/// </summary>
internal static class RsaOpening
{
    /// <param name="wrappingKey">the AES key; any bytes where none was found</param>
    /// <param name="wrapped">the RSA key under it</param>
    /// <param name="expected">the key hash; null where the flow has none</param>
    public static OpenedMaterial Open(
        ReadOnlySpan<byte> wrappingKey, bool isFound, ReadOnlySpan<byte> wrapped, byte[]? expected)
    {
        using var page = new SecretPage(SecretPage.Capacity);
        var length = KeyWrap.Unwrap(wrappingKey, wrapped, page.GetSpan());
        return isFound && length >= 0 ? Judge(page.Memory[..length], expected) : UnwrapFailed;
    }

    private static OpenedMaterial Judge(ReadOnlyMemory<byte> pkcs8, byte[]? expected)
    {
        if (pkcs8.Length == KeyMaterial.Length)
        {
            return new OpenedMaterial.Refused(RefusalCodes.KeyNotRsa,
                "what was wrapped is a 256-bit secret: storage accounts take RSA keys alone; make one with "
                    + "`byok-operator key generate --rsa 3072`");
        }

        var (numbers, refusal) = RsaNumbers.Read(pkcs8);
        if ((refusal ?? RsaStrength.JudgePublic(numbers!)) is { } refused)
        {
            return refused;
        }

        var hash = numbers!.PublicHash();
        if (expected is not null && !CryptographicOperations.FixedTimeEquals(hash, expected))
        {
            return new OpenedMaterial.Refused(
                RefusalCodes.HashMismatch,
                "the RSA key that was wrapped is not the one that the key hash was made of: upload a pair from one "
                    + "run; the hash is that of the public half (openssl pkey -pubout -outform DER | openssl dgst "
                    + "-sha256 -binary | openssl base64)");
        }

        return RsaStrength.Judge(numbers, pkcs8.Span) is { } weakness ? weakness
            : new OpenedMaterial.Opened(KeyMaterial.CopyOfRsa(pkcs8.Span, hash));
    }

    private static OpenedMaterial.Refused UnwrapFailed => new(
        RefusalCodes.UnwrapFailed,
        "the upload can't be opened: download this region's public key anew, wrap the RSA key by CKM_RSA_AES_KEY_WRAP "
            + "(RSAES-OAEP, SHA-256 for hash and mask, over a 256-bit AES key; AES key wrap with padding over the "
            + "PKCS#8), and upload the result whole (SHA-1 needs allowLegacyWrapping; PKCS#1 v1.5 is never accepted)");
}
