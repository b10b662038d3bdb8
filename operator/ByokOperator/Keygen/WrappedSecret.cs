using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>The end that making and wrapping share: the file for the upload,
/// and the key hash on standard output.</summary>
internal sealed record WrappedSecret(RSA PublicKey, string Path, bool MayReplace, bool IsLegacy)
{
    /// <summary>Asked before there is a secret, so that none is made in vain.</summary>
    public void RefuseIfThere()
    {
        if (!MayReplace)
        {
            SafeFile.RefuseIfThere(Path, "move it away, choose another name by --out, or give --force");
        }
    }

    public void WriteAndPrint(KeyMaterial secret)
    {
        var wrapped = Wrap(secret);
        SafeFile.Write(Path, wrapped, MayReplace);
        Console.Error.WriteLine(
            $"Wrapped with RSA-{PublicKey.KeySize}, OAEP {(IsLegacy ? "SHA-1" : "SHA-256")}, key "
                + $"{WrappingKey.FingerprintOf(PublicKey)[..16]}.");
        Console.Error.WriteLine($"Wrote {Path} ({wrapped.Length} bytes): upload it with the key hash.");
        Console.Error.WriteLine("Key Hash:");
        Console.Out.WriteLine(secret.HashText());
    }

    /// <summary>An RSA key is longer than a block of RSA: it goes under an AES key,
    /// and that under the platform's (CKM_RSA_AES_KEY_WRAP).</summary>
    private byte[] Wrap(KeyMaterial secret)
    {
        if (secret.Kind == MaterialKind.Symmetric256)
        {
            return Encrypt(secret.Bytes);
        }

        using var between = KeyMaterial.Generate();
        return [.. Encrypt(between.Bytes), .. KeyWrap.Wrap(between.Bytes, secret.Bytes)];
    }

    private byte[] Encrypt(ReadOnlySpan<byte> secret) =>
        PublicKey.Encrypt(secret, IsLegacy ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256);
}
