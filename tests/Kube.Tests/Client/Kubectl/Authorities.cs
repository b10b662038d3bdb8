using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kube.Tests.Client.Kubectl;

/// <summary>The certificates of all cases: a root, an intermediate, servers under both, and users;
/// written as files of every shape that is met.</summary>
internal sealed class Authorities
{
    private readonly X509Certificate2 root = Certificates.Authority("root");
    private readonly X509Certificate2 intermediate;
    private readonly X509Certificate2 stranger = Certificates.Authority("stranger");
    private readonly X509Certificate2 forged = Certificates.Authority("intermediate");

    public Authorities()
    {
        intermediate = Certificates.IssueAuthority(root, "intermediate");
        string[] names = ["127.0.0.1", "::1", "0.0.0.0", "localhost", "inner.example"];
        Servers =
        [
            new("https", IPAddress.Loopback, Bare(Certificates.Issue(root, "server", names))),
            new("https6", IPAddress.IPv6Loopback, Bare(Certificates.Issue(root, "server", names))),
            new("leaf", IPAddress.Loopback, Bare(Certificates.Issue(intermediate, "server", names))),
            new("chain", IPAddress.Loopback,
                SslStreamCertificateContext.Create(Certificates.Issue(intermediate, "server", names), [intermediate],
                    offline: true)),
            new("elsewhere", IPAddress.Loopback, Bare(Certificates.Issue(root, "server", "elsewhere.example"))),
            new("forged", IPAddress.Loopback,
                SslStreamCertificateContext.Create(Certificates.Issue(forged, "server", names), [forged],
                    offline: true)),
            new("client", IPAddress.Loopback, Bare(Certificates.IssueFor(root, "server", "1.3.6.1.5.5.7.3.2", names))),
        ];
    }

    public IReadOnlyList<RecordedServer> Servers { get; }

    /// <summary>Every file that a case may name, below <paramref name="folder"/>.</summary>
    public void Write(TemporaryFolder folder)
    {
        folder.Write("pki/ca.crt", Pem(root));
        folder.Write("pki/ca-cut.crt", Pem(root).TrimEnd());
        folder.Write("pki/ca-crlf.crt", Pem(root).Replace("\n", "\r\n", StringComparison.Ordinal));
        folder.Write("pki/ca-text.crt",
            "Certificate:\n    Data:\n        Version: 3 (0x2)\n" + Pem(root) + "\n# end\n");
        folder.Write("pki/intermediate.crt", Pem(intermediate));
        folder.Write("pki/bundle.crt", Pem(intermediate) + Pem(root));
        folder.Write("pki/two.crt", Pem(stranger) + Pem(root));
        folder.Write("pki/stranger.crt", Pem(stranger));
        folder.Write("pki/empty.crt", "");
        using var user = Certificates.Issue(root, "me");
        using var key = user.GetECDsaPrivateKey()!;
        folder.Write("pki/me.crt", Pem(user));
        folder.Write("pki/me-cut.crt", Pem(user).TrimEnd());
        folder.Write("pki/me.key", Certificates.KeyPem(user));
        folder.Write("pki/me-cut.key", Certificates.KeyPem(user).TrimEnd());
        folder.Write("pki/me-sec1.key", key.ExportECPrivateKeyPem());
        folder.Write("pki/me-parameters.key",
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                + key.ExportECPrivateKeyPem());
        folder.Write("pki/me.pem", Pem(user) + Certificates.KeyPem(user));
        using var chained = Certificates.Issue(intermediate, "chained");
        folder.Write("pki/chained.crt", Pem(chained) + Pem(intermediate));
        folder.Write("pki/chained.key", Certificates.KeyPem(chained));
        using var rsa = RSA.Create(2048);
        using var rsaUser = new CertificateRequest("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(root.NotBefore, root.NotAfter);
        folder.Write("pki/rsa.crt", Pem(rsaUser));
        folder.Write("pki/rsa.key", rsa.ExportRSAPrivateKeyPem());
    }

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    private static SslStreamCertificateContext Bare(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, null, offline: true);
}

/// <summary>One listener of the recording servers.</summary>
internal sealed record RecordedServer(string Name, IPAddress Address, SslStreamCertificateContext Certificate);
