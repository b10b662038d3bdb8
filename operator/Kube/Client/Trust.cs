using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kube.Client;

/// <summary>
/// Who may have signed the server's certificate. The official client's own check lets a certificate of the cluster's
/// authority pass under any name, and one that the system trusts whatever the kubeconfig names;
/// so this one is used instead.
/// </summary>
internal static class Trust
{
    private static readonly Oid serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    public static void Apply(SslClientAuthenticationOptions tls, X509Certificate2Collection anchors)
    {
        if (anchors.All(IsRoot))
        {
            tls.CertificateChainPolicy = Policy(anchors);
            return;
        }

        // An intermediate that is named is trusted as it stands (RFC 5280 knows no difference),
        // which a chain policy can't say.
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 server
            && LeadsTo(anchors, server, chain?.ChainPolicy.ExtraStore ?? []);
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static bool LeadsTo(
        X509Certificate2Collection anchors, X509Certificate2 server, X509Certificate2Collection sent)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(anchors) };
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        return chain.Build(server)
            && chain.ChainStatus.All(status =>
                status.Status is X509ChainStatusFlags.NoError or X509ChainStatusFlags.PartialChain
                    or X509ChainStatusFlags.UntrustedRoot)
            && chain.ChainElements.Any(element =>
                anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)));
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection anchors)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // cluster authorities publish no revocation list
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(serverAuthentication);
        policy.CustomTrustStore.AddRange(anchors);
        return policy;
    }
}
