using System.Net;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Cloud.Calling;

namespace Cloud.Azure.Calling;

/// <summary>The two ways out: for calls, on connections that ask for leave when bytes are about to go out;
/// and for tokens, without.</summary>
internal sealed class AzureTransport : IDisposable
{
    private readonly HttpClient calls;
    private readonly HttpClient tokens;

    public AzureTransport(AzureOptions options, Action? leave)
    {
        var wire = new BoundedAnswers(options.Transport ?? Make(options, leave),
            request => AzureHosts.IsContent(options.Environment, request));
        // every call has its own bound
        calls = new HttpClient(wire, disposeHandler: options.Transport is null) { Timeout = Timeout.InfiniteTimeSpan };
        var signIn = new BoundedAnswers(options.Transport ?? Make(options, leave: null), static _ => false);
        tokens = new HttpClient(new SignInGuard(options.Environment, signIn), disposeHandler: options.Transport is null)
        {
            Timeout = TimeSpan.FromSeconds(10),
        };
    }

    public HttpPipelineTransport Calls => new HttpClientTransport(calls);

    public HttpPipelineTransport Tokens => new HttpClientTransport(tokens);

    public void Dispose()
    {
        calls.Dispose();
        tokens.Dispose();
    }

    private static SocketsHttpHandler Make(AzureOptions options, Action? leave)
    {
        var handler = options.Connections?.Invoke() ?? new SocketsHttpHandler();
        if (options.AuthorityPem is { } pem)
        {
            handler.SslOptions.CertificateChainPolicy = AzureTrust.Only(pem);
        }

        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.UseCookies = false;
        handler.ActivityHeadersPropagator = null; // traces of ours are nobody else's
        // a vault that was deleted and made anew stands elsewhere
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        if (leave is not null)
        {
            handler.PlaintextStreamFilter = (connection, _) =>
                new(new WriteGuardStream(connection.PlaintextStream, leave));
        }

        return handler;
    }
}

/// <summary>Which authorities vouch for Azure's names, where it is not the machine's own list:
/// a proxy that looks into TLS has one of its own.</summary>
internal static class AzureTrust
{
    /// <summary>These and no others.</summary>
    public static X509ChainPolicy Only(string pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy;
    }
}

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
