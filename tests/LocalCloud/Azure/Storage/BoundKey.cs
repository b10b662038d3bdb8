using System.Security.Cryptography;
using LocalCloud.Azure.Vault;

namespace LocalCloud.Azure.Storage;

/// <summary>An account's root key as it lies wrapped under one version of the tenant's key.</summary>
internal sealed record BoundKey(
    VaultKeyVersion Version, AsymmetricAlgorithm Material, byte[] Wrapped, DateTimeOffset Since)
{
    public DateTimeOffset NextLook { get; init; }

    public static BoundKey Wrap(VaultKeyVersion version, byte[] root, DateTimeOffset now)
    {
        var material = (RSA)version.Material;
        lock (material)
        {
            return new BoundKey(version, material, material.Encrypt(root, RSAEncryptionPadding.OaepSHA256), now);
        }
    }

    /// <summary>Whether the version still opens it; only a key whose material was replaced has to be tried.</summary>
    public bool Opens()
    {
        if (ReferenceEquals(Version.Material, Material))
        {
            return true;
        }

        try
        {
            lock (Version.Material)
            {
                return ((RSA)Version.Material).Decrypt(Wrapped, RSAEncryptionPadding.OaepSHA256).Length > 0;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
