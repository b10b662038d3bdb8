using System.Net;

namespace Kube.Client;

/// <summary>Puts the present credential on each request; a refused one (401: nothing was done) is replaced once.</summary>
internal sealed class TokenHandler(KubeConnection connection) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (connection.TlsServerName is { } name)
        {
            request.Headers.Host = name; // the transport checks the certificate against the Host header
        }

        var credential = await connection.Credentials.GetAsync(cancellationToken);
        request.Headers.Authorization = credential.Authorization;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        connection.Credentials.Refuse(credential);
        var other = await connection.Credentials.GetAsync(cancellationToken);
        if (ReferenceEquals(other, credential))
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = other.Authorization;
        return await base.SendAsync(request, cancellationToken);
    }
}
