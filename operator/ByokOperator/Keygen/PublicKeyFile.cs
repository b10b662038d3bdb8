using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Byok.Material;

namespace ByokOperator.Keygen;

/// <summary>Reads what a platform gives out: a public key or a certificate, PEM or DER. Whatever can't be what was
/// meant is refused by name.</summary>
internal static class PublicKeyFile
{
    /// <summary>A certificate with a chain has some KiB; a larger file is another file.</summary>
    private const int MostBytes = 64 * 1024;

    private const string Anew = "download the public key of your region anew";

    public static RSA Load(string path, DateTimeOffset now)
    {
        var content = Content(path);
        var text = Encoding.Latin1.GetString(content);
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new KeygenException(
                $"{path} holds a private key: give the public key, and keep that file to its owner");
        }

        RSA key;
        try
        {
            key = text.Contains("-----BEGIN", StringComparison.Ordinal) ? FromPem(path, text, now)
                : FromDer(path, content, now);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            throw new KeygenException($"{path} is no RSA public key or certificate (PEM or DER): {Anew}", unreadable);
        }

        return key.KeySize is >= WrappingKey.LeastBits and <= WrappingKey.MostBits
            ? key
            : throw new KeygenException(
                $"{path} holds an RSA key of {key.KeySize} bits: {WrappingKey.LeastBits} to {WrappingKey.MostBits} "
                    + $"are accepted; {Anew}");
    }

    private static byte[] Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        var content = new byte[MostBytes + 1];
        var count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return count switch
        {
            0 => throw new KeygenException($"{path} is empty: {Anew}"),
            > MostBytes => throw new KeygenException($"{path} is too large for a public key: {Anew}"),
            _ => content[..count],
        };
    }

    private static RSA FromPem(string path, string text, DateTimeOffset now)
    {
        if (text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(text);
            return FromCertificate(path, certificate, now);
        }

        return Import(key => key.ImportFromPem(text));
    }

    private static RSA FromDer(string path, byte[] content, DateTimeOffset now)
    {
        try
        {
            return Import(key => key.ImportSubjectPublicKeyInfo(content, out _));
        }
        catch (CryptographicException)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(content);
            return FromCertificate(path, certificate, now);
        }
    }

    private static RSA FromCertificate(string path, X509Certificate2 certificate, DateTimeOffset now) =>
        now >= certificate.NotAfter
            ? throw new KeygenException(
                $"the certificate in {path} expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}: {Anew}")
            : certificate.GetRSAPublicKey()
                ?? throw new CryptographicException("the certificate is of another algorithm");

    private static RSA Import(Action<RSA> import)
    {
        var key = RSA.Create();
        try
        {
            import(key);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
