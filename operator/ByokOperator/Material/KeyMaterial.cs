using System.Security.Cryptography;

namespace ByokOperator.Material;

/// <summary>
/// A tenant's 256-bit secret: in one <see cref="SecretPage"/>, zeroed on dispose, never printed. One owner, who disposes it; nobody copies it
/// into an array or a string.
/// </summary>
internal sealed class KeyMaterial : IDisposable
{
    public const int Length = 32;

    private readonly SecretPage page = new(Length);

    private KeyMaterial()
    {
    }

    /// <summary>For whoever wraps it anew. Reading it after dispose throws.</summary>
    public ReadOnlyMemory<byte> Memory => page.Memory;

    public ReadOnlySpan<byte> Bytes => page.GetSpan();

    /// <summary>Fresh from the system's random source.</summary>
    public static KeyMaterial Generate()
    {
        var material = new KeyMaterial();
        RandomNumberGenerator.Fill(material.page.GetSpan());
        return material;
    }

    /// <summary>The caller zeroes what it copied from.</summary>
    public static KeyMaterial CopyOf(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        var material = new KeyMaterial();
        secret.CopyTo(material.page.GetSpan());
        return material;
    }

    /// <summary>SHA-256 of the 32 bytes.</summary>
    public byte[] Hash() => SHA256.HashData(Bytes);

    /// <summary>The key hash as tenants see it: base64 of SHA-256.</summary>
    public string HashText() => Convert.ToBase64String(Hash());

    /// <summary>In fixed time.</summary>
    public bool HashIs(ReadOnlySpan<byte> expected) => CryptographicOperations.FixedTimeEquals(Hash(), expected);

    /// <summary>In fixed time.</summary>
    public bool IsSameAs(KeyMaterial other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public void Dispose() => ((IDisposable)page).Dispose();

    public override string ToString() => "key material (not shown)";
}
