using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kube.Tests.Client;

/// <summary>Certificates made for one test.</summary>
internal static class Certificates
{
    public static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public static X509Certificate2 IssueAuthority(X509Certificate2 authority, string name) =>
        Issue(authority, name, [], new X509BasicConstraintsExtension(true, false, 0, true));

    public static X509Certificate2 Issue(X509Certificate2 authority, string name, params string[] hosts) =>
        Issue(authority, name, hosts, extension: null);

    /// <param name="authority">Who signs.</param>
    /// <param name="name">The common name.</param>
    /// <param name="use">The only thing that it is good for (extended key usage).</param>
    /// <param name="hosts">Names and addresses.</param>
    public static X509Certificate2 IssueFor(
        X509Certificate2 authority, string name, string use, params string[] hosts) =>
        Issue(authority, name, hosts, new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));

    private static X509Certificate2 Issue(
        X509Certificate2 authority, string name, string[] hosts, X509Extension? extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (extension is not null)
        {
            request.CertificateExtensions.Add(extension);
        }

        if (hosts.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var host in hosts)
            {
                if (IPAddress.TryParse(host, out var address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }

            request.CertificateExtensions.Add(names.Build());
        }

        using var bare =
            request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    public static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
