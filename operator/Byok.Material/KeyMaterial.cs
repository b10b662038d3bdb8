using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// What a tenant hands over, a 256-bit secret or an RSA private key: in one <see cref="SecretPage"/>, zeroed on
/// dispose, never printed. One owner, who disposes it; nobody copies it into an array or a string.
/// </summary>
internal sealed class KeyMaterial : IDisposable
{
    /// <summary>Of a secret.</summary>
    public const int Length = 32;

    private readonly SecretPage page;
    private readonly byte[]? publicHash;

    private KeyMaterial(int length, byte[]? publicHash = null)
    {
        page = new SecretPage(length);
        this.publicHash = publicHash;
    }

    public MaterialKind Kind => publicHash is null ? MaterialKind.Symmetric256 : MaterialKind.RsaPrivate;

    /// <summary>The 32 bytes of a secret, the PKCS#8 (DER) of an RSA key. For whoever wraps it anew.
    /// Reading it after dispose throws.</summary>
    public ReadOnlyMemory<byte> Memory => page.Memory;

    public ReadOnlySpan<byte> Bytes => page.GetSpan();

    /// <summary>Fresh from the system's random source.</summary>
    public static KeyMaterial Generate()
    {
        var material = new KeyMaterial(Length);
        RandomNumberGenerator.Fill(material.page.GetSpan());
        return material;
    }

    /// <summary>The caller zeroes what it copied from.</summary>
    public static KeyMaterial CopyOf(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        var material = new KeyMaterial(Length);
        secret.CopyTo(material.page.GetSpan());
        return material;
    }

    /// <summary>The caller zeroes what it copied from, and has judged it.</summary>
    /// <param name="publicHash">SHA-256 of the public half: <see cref="RsaNumbers.PublicHash"/></param>
    public static KeyMaterial CopyOfRsa(ReadOnlySpan<byte> pkcs8, byte[] publicHash)
    {
        var material = new KeyMaterial(pkcs8.Length, publicHash);
        pkcs8.CopyTo(material.page.GetSpan());
        return material;
    }

    /// <summary>
    /// SHA-256 of a secret's 32 bytes; of an RSA key's public half (SubjectPublicKeyInfo, DER), because one private key
    /// has many encodings.
    /// </summary>
    public byte[] Hash() => publicHash is null ? SHA256.HashData(Bytes) : [.. publicHash];

    /// <summary>The key hash as tenants see it, in base64.</summary>
    public string HashText() => Convert.ToBase64String(Hash());

    /// <summary>In fixed time.</summary>
    public bool HashIs(ReadOnlySpan<byte> expected) => CryptographicOperations.FixedTimeEquals(Hash(), expected);

    /// <summary>In fixed time.</summary>
    public bool IsSameAs(KeyMaterial other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public void Dispose() => ((IDisposable)page).Dispose();

    public override string ToString() => "key material (not shown)";
}

/// <summary>What a key wants of its tenant.</summary>
internal enum MaterialKind
{
    /// <summary>32 random bytes, wrapped by RSAES-OAEP.</summary>
    Symmetric256,

    /// <summary>An RSA private key (PKCS#8, DER), wrapped by CKM_RSA_AES_KEY_WRAP.</summary>
    RsaPrivate,
}
