using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace LocalCloud.Azure;

/// <summary>HTTP handlers under which Azure's own names lead to this process.</summary>
internal static class AzureHandlers
{
    /// <summary>Dials loopback for every name that exists; a name that doesn't is an unknown host, as it would be in
    /// DNS. Trusts this cloud's certificate alone.</summary>
    public static SocketsHttpHandler Make(
        (int Tls, int Plain) ports, X509Certificate2 certificate, Func<string, bool> exists) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellation) =>
        {
            if (!exists(context.DnsEndPoint.Host))
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                var isTls = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
                await socket.ConnectAsync(System.Net.IPAddress.Loopback, isTls ? ports.Tls : ports.Plain, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && shown is not null
                    && shown.GetCertHashString() == certificate.GetCertHashString(),
        },
    };
}
