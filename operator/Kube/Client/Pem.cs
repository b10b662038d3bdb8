using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kube.Client;

/// <summary>Certificates from PEM text. Null where the text is not what it should be: the caller knows the field.</summary>
internal static class Pem
{
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

    public static X509Certificate2? Pair(byte[] certificate, byte[] key)
    {
        try
        {
            var pair = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key));
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
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
