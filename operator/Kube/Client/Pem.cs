using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kube.Client;

/// <summary>Certificates from PEM text. Null where the text is not what it should be:
/// the caller knows the field.</summary>
internal static class Pem
{
    /// <summary>All of them: the official client takes the first alone.</summary>
    public static X509Certificate2Collection? Authorities(byte[] pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities.Count > 0 ? authorities : null;
    }

    /// <summary>A client's certificate, its key, and what else stands in the file:
    /// the chain that is sent with it.</summary>
    public static SslStreamCertificateContext? Pair(byte[] certificates, byte[] key)
    {
        try
        {
            var text = Encoding.UTF8.GetString(certificates);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(text);
            return SslStreamCertificateContext.Create(
                Usable(X509Certificate2.CreateFromPem(text, Encoding.UTF8.GetString(key))), chain, offline: true);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static X509Certificate2 Usable(X509Certificate2 pair)
    {
        if (!OperatingSystem.IsWindows())
        {
            return pair;
        }

        using (pair)
        {
            // Windows' TLS can't use a key that lives only in memory.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pfx), password: null);
        }
    }
}
