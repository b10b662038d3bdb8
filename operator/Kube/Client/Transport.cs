using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Kube.Client;

/// <summary>One pool of connections, with the trust and the credentials of one connection.</summary>
internal static class Transport
{
    /// <summary>With the timeout below: a dead HTTP/2 connection, and every request on it, fails within 25 s.</summary>
    private static readonly TimeSpan pingDelay = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan pingTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan connectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A new connection meets new certificates, new credentials and apiservers that joined since.</summary>
    private static readonly TimeSpan connectionLifetime = TimeSpan.FromMinutes(10);

    public static SocketsHttpHandler Create(KubeConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // an apiserver does not redirect; whoever does gets no token of ours
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = connectTimeout,
            PooledConnectionLifetime = connectionLifetime,
            KeepAlivePingDelay = pingDelay,
            KeepAlivePingTimeout = pingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = Tls(connection),
        };
        if (connection.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        return handler;
    }

    private static SslClientAuthenticationOptions Tls(KubeConnection connection)
    {
        var tls = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => CurrentCertificate(connection)!,
        };
        if (connection.SkipTlsVerification)
        {
#pragma warning disable CA5359 // the kubeconfig asks for it by name: insecure-skip-tls-verify
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359 // the one place where it may
        }
        else if (connection.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // cluster authorities publish no revocation list
            };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }

    /// <summary>The token handler asked for the credential a moment ago, so it is at hand and this does not wait.</summary>
    private static X509Certificate2? CurrentCertificate(KubeConnection connection)
    {
        var credential = connection.Credentials.GetAsync(CancellationToken.None);
        return credential.IsCompletedSuccessfully ? credential.Result.Certificate : null;
    }
}
