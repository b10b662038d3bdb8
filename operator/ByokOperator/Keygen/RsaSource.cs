using System.Security.Cryptography;
using System.Text;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>An RSA private key for a vault: a new one, or one that exists already,
/// from standard input or from its encrypted PEM.</summary>
internal static class RsaSource
{
    private static readonly int[] Sizes = [2048, 3072, 4096];

    public static KeyMaterial Generate(int bits)
    {
        if (!Sizes.Contains(bits))
        {
            throw new KeygenException(
                $"--rsa {bits}: a key for storage accounts has {string.Join(", ", Sizes[..^1])} or {Sizes[^1]} bits")
            {
                ExitCode = ExitCodes.Usage,
            };
        }

        using var key = RSA.Create(bits);
        return Judged(key);
    }

    public static KeyMaterial Read(string? backup, string? passwordFile)
    {
        using var key = RSA.Create();
        if (backup is not null)
        {
            OpenBackup(key, backup, passwordFile);
        }
        else
        {
            ReadInput(key);
        }

        return Judged(key);
    }

    /// <summary>The key in PKCS#8 under a password (PBES2: PBKDF2-HMAC-SHA-256, AES-256-CBC), as PEM:
    /// <c>openssl pkey</c> reads it.</summary>
    public static byte[] Encrypt(KeyMaterial key, byte[] password)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Bytes, out _);
        var wrapped = rsa.ExportEncryptedPkcs8PrivateKey(password,
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, SaltedBackup.Iterations));
        return Encoding.ASCII.GetBytes(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", wrapped) + "\n");
    }

    private static void OpenBackup(RSA key, string path, string? passwordFile)
    {
        var pem = File.ReadAllText(path);
        var password = Password.Read(passwordFile, isNew: false);
        try
        {
            key.ImportFromEncryptedPem(pem, password);
        }
        catch (Exception unopened) when (unopened is CryptographicException or ArgumentException)
        {
            throw new KeygenException(
                $"the password does not open {path}: check it, and that the file is an encrypted private key in PEM "
                    + "(openssl pkcs8 -topk8)", unopened);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }

    private static void ReadInput(RSA key)
    {
        if (!Console.IsInputRedirected)
        {
            throw new KeygenException(
                "give the RSA key on standard input (openssl genrsa 3072 | byok-operator key …), or --backup FILE")
            {
                ExitCode = ExitCodes.Usage,
            };
        }

        using var page = new SecretPage(SecretPage.Capacity);
        using var input = Console.OpenStandardInput();
        var read = page.GetSpan()[..input.ReadAtLeast(page.GetSpan(), SecretPage.Capacity, throwOnEndOfStream: false)];
        var text = new char[read.Length];
        try
        {
            if (read.IndexOf("-----BEGIN"u8) >= 0)
            {
                Encoding.Latin1.GetChars(read, text);
                key.ImportFromPem(text);
            }
            else
            {
                ImportDer(key, read);
            }
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            throw new KeygenException(
                "standard input gave no RSA private key: PEM without a password, or DER; one under a password comes "
                    + "by --backup", unreadable);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    /// <summary>PKCS#8, or the older PKCS#1 that openssl writes as DER.</summary>
    private static void ImportDer(RSA key, ReadOnlySpan<byte> der)
    {
        try
        {
            key.ImportPkcs8PrivateKey(der, out _);
        }
        catch (CryptographicException)
        {
            key.ImportRSAPrivateKey(der, out _);
        }
    }

    /// <summary>By the eyes that the platform will judge it with.</summary>
    private static KeyMaterial Judged(RSA key)
    {
        byte[] pkcs8;
        try
        {
            pkcs8 = key.ExportPkcs8PrivateKey();
        }
        catch (CryptographicException missing)
        {
            throw new KeygenException("that is a public key alone: the private key is what is wrapped", missing);
        }

        try
        {
            var (numbers, refusal) = RsaNumbers.Read(pkcs8);
            return (refusal ?? RsaStrength.JudgePublic(numbers!) ?? RsaStrength.Judge(numbers!, pkcs8)) is { } refused
                ? throw new KeygenException(refused.Message)
                : KeyMaterial.CopyOfRsa(pkcs8, numbers!.PublicHash());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
