using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>
/// A secret under a password, in the file format of <c>openssl enc</c>: <c>Salted__</c>, 8 bytes of salt, AES-256-CBC.
/// Written with PBKDF2-HMAC-SHA-256, so that <c>openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000</c> reads it. Read as
/// well: openssl's own 10,000 rounds (<c>-pbkdf2</c> alone) and its older derivation by SHA-256, SHA-1 or MD5 (no
/// <c>-pbkdf2</c>), each as it is or in base64. Which one it was needs no telling: a 32-byte secret ends in a whole
/// block of padding, which another derivation or a wrong password yields once in 2^128. A flipped bit, though,
/// may go unseen: the key hash tells.
/// </summary>
internal static class SaltedBackup
{
    /// <summary>OWASP's advice for PBKDF2-HMAC-SHA-256; openssl's default of 10,000 dates from 2000.</summary>
    public const int Iterations = 600_000;

    /// <summary>What is read: a little over one backup in base64 with line ends.</summary>
    public const int MostBytes = 1024;

    private const int OpensslIterations = 10_000;
    private const int SaltLength = 8;
    private const int KeyLength = 32;
    private const int BlockLength = 16;

    private static readonly byte[] Magic = "Salted__"u8.ToArray();

    private static readonly Action<byte[], byte[], byte[]>[] Derivations =
    [
        (password, salt, into) => Rfc2898DeriveBytes.Pbkdf2(password, salt, into, Iterations, HashAlgorithmName.SHA256),
        (password, salt, into) =>
            Rfc2898DeriveBytes.Pbkdf2(password, salt, into, OpensslIterations, HashAlgorithmName.SHA256),
        (password, salt, into) => Chain(HashAlgorithmName.SHA256, password, salt, into),
        (password, salt, into) => Chain(HashAlgorithmName.SHA1, password, salt, into),
        (password, salt, into) => Chain(HashAlgorithmName.MD5, password, salt, into),
    ];

    private static int WholeLength => Magic.Length + SaltLength + KeyMaterial.Length + BlockLength;

    public static byte[] Encrypt(KeyMaterial secret, byte[] password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var derived = new byte[KeyLength + BlockLength];
        try
        {
            Derivations[0](password, salt, derived);
            using var aes = Aes.Create();
            aes.SetKey(derived.AsSpan(0, KeyLength));
            var encrypted = new byte[KeyMaterial.Length + BlockLength];
            aes.EncryptCbc(secret.Bytes, derived.AsSpan(KeyLength), encrypted, PaddingMode.PKCS7);
            return [.. Magic, .. salt, .. encrypted];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>The file's bytes in their binary form; a file that is no backup
    /// of a 32-byte secret is refused before a password is asked for.</summary>
    public static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        var content = new byte[MostBytes + 1];
        var found = content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        var backup = found.AsSpan().StartsWith(Magic) ? found
            : StrictBase64.Decode(StrictBase64.WithoutWhite(found)) ?? found;
        if (!backup.AsSpan().StartsWith(Magic))
        {
            throw new KeygenException(
                $"{path} is no backup: it does not begin with Salted__ (openssl enc -aes-256-cbc), as it is or in "
                    + "base64");
        }

        return backup.Length == WholeLength
            ? backup
            : throw new KeygenException(
                $"{path} has {backup.Length} bytes, a backup of a {KeyMaterial.Length}-byte secret {WholeLength}: it "
                    + "was cut short, or holds something else");
    }

    /// <summary>Null where the password is wrong.</summary>
    public static KeyMaterial? TryOpen(byte[] backup, byte[] password)
    {
        var salt = backup[Magic.Length..(Magic.Length + SaltLength)];
        var derived = new byte[KeyLength + BlockLength];
        using var plain = new SecretPage(KeyMaterial.Length + BlockLength);
        try
        {
            foreach (var derive in Derivations)
            {
                derive(password, salt, derived);
                using var aes = Aes.Create();
                aes.SetKey(derived.AsSpan(0, KeyLength));
                aes.DecryptCbc(backup.AsSpan(Magic.Length + SaltLength), derived.AsSpan(KeyLength), plain.GetSpan(),
                    PaddingMode.None);
                if (!plain.GetSpan()[KeyMaterial.Length..].ContainsAnyExcept((byte)BlockLength))
                {
                    return KeyMaterial.CopyOf(plain.GetSpan()[..KeyMaterial.Length]);
                }
            }

            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>openssl's EVP_BytesToKey with one round: each block hashes the one before,
    /// the password and the salt.</summary>
    private static void Chain(HashAlgorithmName algorithm, byte[] password, byte[] salt, byte[] into)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        byte[] block = [];
        for (var filled = 0; filled < into.Length; filled += block.Length)
        {
            hash.AppendData(block);
            hash.AppendData(password);
            hash.AppendData(salt);
            CryptographicOperations.ZeroMemory(block);
            block = hash.GetHashAndReset();
            block.AsSpan(0, Math.Min(block.Length, into.Length - filled)).CopyTo(into.AsSpan(filled));
        }

        CryptographicOperations.ZeroMemory(block);
    }
}
