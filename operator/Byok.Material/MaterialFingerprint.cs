using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>What a material is called where anybody may read it: it tells two apart,
/// and is made of the key hash alone.</summary>
internal static class MaterialFingerprint
{
    /// <summary>It must not be the key hash itself, which some flows treat as proof of possession.</summary>
    private static readonly byte[] domain = "byok.dev/material/v1"u8.ToArray();

    /// <param name="hash">SHA-256: of a secret, of an RSA key's public half, of a transfer blob.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(HMACSHA256.HashData(domain, hash));
}
