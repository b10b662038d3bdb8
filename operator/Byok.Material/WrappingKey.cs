using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// One RSA pair that tenants wrap secrets for. Owns the private key. Safe for several threads: opening keeps no state
/// in it. Whether it is still good is the caller's question, who has the clock.
/// </summary>
public sealed class WrappingKey : IDisposable
{
    /// <summary>What the platform makes.</summary>
    public const int PlatformBits = 4096;

    /// <summary>Below this OAEP with SHA-256 protects less than the secret is worth.</summary>
    public const int LeastBits = 2048;

    /// <summary>What fits a <see cref="SecretPage"/> with room to spare, and what stays quick to open.</summary>
    public const int MostBits = 8192;

    private readonly RSA privateKey;

    public WrappingKey(string id, RSA privateKey, DateTimeOffset notAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(privateKey.KeySize, LeastBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(privateKey.KeySize, MostBits);
        Id = id;
        this.privateKey = privateKey;
        NotAfter = notAfter;
        Fingerprint = FingerprintOf(privateKey);
        WrappedLength = privateKey.KeySize / 8;
    }

    public string Id { get; }

    /// <summary>Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo:
    /// what <c>openssl pkey -pubin -outform DER | sha256sum</c> prints.</summary>
    public string Fingerprint { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>How many bytes a secret wrapped for this key has.</summary>
    public int WrappedLength { get; }

    /// <summary>SubjectPublicKeyInfo, as tenants download it.</summary>
    public string PublicKeyPem => privateKey.ExportSubjectPublicKeyInfoPem();

    public static string FingerprintOf(RSA key) =>
        Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    /// <summary>
    /// How many bytes came out, or -1. The destination has room for <see cref="WrappedLength"/> bytes, so that nothing
    /// passes through a buffer of somebody else's.
    /// </summary>
    public int Unwrap(ReadOnlySpan<byte> wrapped, Span<byte> destination, RSAEncryptionPadding padding)
    {
        try
        {
            return privateKey.TryDecrypt(wrapped, destination, padding, out var written) ? written : -1;
        }
        catch (CryptographicException)
        {
            return -1;
        }
    }

    public void Dispose() => privateKey.Dispose();

    public override string ToString() => $"wrapping key {Id} ({Fingerprint})";
}
