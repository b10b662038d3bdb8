using System.Net;
using System.Net.Http.Headers;
using k8s;
using k8s.Authentication;

namespace Kube.Client;

/// <summary>
/// Puts the present credential on each request, but on none that goes in clear text, as kubectl does; a refused one
/// (401: nothing was done) is replaced once.
/// </summary>
internal sealed class CredentialHandler(KubernetesClientConfiguration configuration) : DelegatingHandler
{
    private readonly ServiceClientCredentials? credentials = Kubernetes.CreateCredentials(configuration);
    private readonly IReadOnlyList<KeyValuePair<string, string>> impersonation =
        (configuration as KubeConnection)?.Impersonation ?? [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var header in impersonation)
        {
            request.Headers.Remove(header.Key);
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        if (credentials is null || request.RequestUri?.Scheme != Uri.UriSchemeHttps)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        var shown = request.Headers.Authorization;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized
            || configuration.TokenProvider is not IRefusable refusable)
        {
            return response;
        }

        refusable.Refuse(shown);
        await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        if (Equals(request.Headers.Authorization, shown))
        {
            return response;
        }

        response.Dispose();
        return await base.SendAsync(request, cancellationToken);
    }
}

/// <summary>A source of tokens that may have another one when the server takes this one no more.</summary>
internal interface IRefusable
{
    /// <summary>The server answered 401 to this one: don't hand it out again if another can be had.</summary>
    void Refuse(AuthenticationHeaderValue? shown);
}
