using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using k8s;

namespace Kube.Client;

/// <summary>One pool of connections, with the trust and the credentials of one
/// configuration of the official client.</summary>
internal static class Transport
{
    /// <summary>With the timeout below: a dead HTTP/2 connection, and every request on it, fails within 25 s.</summary>
    private static readonly TimeSpan pingDelay = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan pingTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan connectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A new connection meets new certificates, new credentials and apiservers that joined since.</summary>
    private static readonly TimeSpan connectionLifetime = TimeSpan.FromMinutes(10);

    public static HttpMessageHandler Create(KubernetesClientConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var tls = Tls(configuration);
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
            SslOptions = tls(),
        };
        configuration.FirstMessageHandlerSetup?.Invoke(handler);
        var server = new Uri(configuration.Host);
        if (!IsOurs(configuration, server))
        {
            return handler;
        }

        if ((handler.Proxy ?? HttpClient.DefaultProxy).GetProxy(server) is { } proxy && proxy != server)
        {
            return configuration.TlsServerName is { } name ? new HostHandler(name) { InnerHandler = handler } : handler;
        }

        handler.ConnectCallback = (context, cancellation) => server.Scheme == Uri.UriSchemeHttps
            ? SecureAsync(context, tls(), configuration.TlsServerName ?? server.IdnHost, cancellation)
            : ConnectAsync(context, cancellation);
        return handler;
    }

    /// <summary>Whether the handler's own way to connect is not kubectl's.</summary>
    private static bool IsOurs(KubernetesClientConfiguration configuration, Uri server) =>
        configuration.TlsServerName is not null || configuration.TokenProvider is ExecTokens || IsAny(server.IdnHost);

    private static bool IsAny(string host) =>
        IPAddress.TryParse(host, out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    /// <summary>For each connection anew: a plugin's certificate may have turned over.</summary>
    private static Func<SslClientAuthenticationOptions> Tls(KubernetesClientConfiguration configuration)
    {
        var own = ClientCertificate.Of(configuration);
        return () =>
        {
            var tls = new SslClientAuthenticationOptions();
            if (configuration.TokenProvider is ExecTokens plugin)
            {
                tls.ClientCertificateContext = plugin.Certificate;
                tls.LocalCertificateSelectionCallback = plugin.Certificate is null
                    ? (_, _, _, _, _) => plugin.Certificate?.TargetCertificate! : null;
            }
            else
            {
                tls.ClientCertificateContext = own;
            }

            if (configuration.SkipTlsVerify)
            {
#pragma warning disable CA5359 // the kubeconfig asks for it by name: insecure-skip-tls-verify
                tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359 // the one place where it may
            }
            else if (configuration.SslCaCerts is { } anchors)
            {
                Trust.Apply(tls, anchors);
            }

            return tls;
        };
    }

    /// <summary>The handler's own TLS takes the name from the Host header, and a plugin's certificate without its
    /// chain; kubectl does neither.</summary>
    private static async ValueTask<Stream> SecureAsync(
        SocketsHttpConnectionContext context, SslClientAuthenticationOptions tls, string name,
        CancellationToken cancellation)
    {
        tls.TargetHost = name;
        tls.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        var stream = new SslStream(await ConnectAsync(context, cancellation));
        try
        {
            await stream.AuthenticateAsClientAsync(tls, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>To this machine where the address is that of all its interfaces,
    /// as the kernel takes it and .NET does not.</summary>
    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (IsAny(host)
                ? socket.ConnectAsync(host.Contains(':', StringComparison.Ordinal) ? IPAddress.IPv6Loopback
                    : IPAddress.Loopback, port, cancellation) : socket.ConnectAsync(host, port, cancellation));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Through a proxy the name can be said by the Host header alone.</summary>
    private sealed class HostHandler(string name) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = name;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
