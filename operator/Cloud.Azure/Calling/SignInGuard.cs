using Cloud.Calling;

namespace Cloud.Azure.Calling;

/// <summary>
/// Under the SDK's credentials: they learn where to sign in from answers, and what they send there is who we are.
/// </summary>
internal sealed class SignInGuard(AzureEnvironment environment, HttpMessageHandler wire) : DelegatingHandler(wire)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
            AzureHosts.AllowsSignIn(environment, request.RequestUri!)
                ? base.SendAsync(request, cancellationToken)
                : throw ForeignHost.Refuse(request.RequestUri!.Host, "entra:Token");
}
