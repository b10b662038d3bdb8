using System.Globalization;
using System.Net.Http.Headers;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using LocalCloud.Azure.Admin;
using Xunit;

namespace LocalCloud.Tests.Azure;

/// <summary>One Azure for a test class; its tests keep apart by names of their own.</summary>
public sealed class AzureFixture : IAsyncLifetime
{
    private readonly List<IDisposable> kept = [];
    private int names;

    public LocalCloudServer Server { get; private set; } = null!;

    public AzureAdmin Admin => Server.Admin.Azure;

    /// <summary>Plain HTTP under Azure's names.</summary>
    public HttpClient Http { get; private set; } = null!;

    public TokenCredential TenantAdmin { get; private set; } = null!;

    public TokenCredential PlatformAdmin { get; private set; } = null!;

    /// <summary>The operator's identity, by way of its service account's token.</summary>
    public TokenCredential Operator { get; private set; } = null!;

    /// <summary>The platform's application in the tenant, verified by the operator's identity.</summary>
    public TokenCredential App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await LocalCloudServer.StartAsync();
        Http = Keep(new HttpClient(Server.NewAzureHandler()));
        TenantAdmin =
            Secret(LocalCloudAzure.Tenant, LocalCloudAzure.TenantAdminClientId, LocalCloudAzure.TenantAdminSecret);
        PlatformAdmin = Secret(LocalCloudAzure.PlatformTenant, LocalCloudAzure.PlatformAdminClientId,
            LocalCloudAzure.PlatformAdminSecret);
        Operator = Assertion(LocalCloudAzure.PlatformTenant, LocalCloudAzure.IdentityClientId,
            _ => Task.FromResult(Server.Admin.Azure.IssueClusterToken()));
        App = Assertion(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId, ExchangeTokenAsync);
    }

    public async ValueTask DisposeAsync()
    {
        kept.ForEach(one => one.Dispose());
        await Server.DisposeAsync();
    }

    public TokenCredential Secret(string tenant, string clientId, string secret) =>
        new ClientSecretCredential(tenant, clientId, secret, Options(new ClientSecretCredentialOptions()));

    public TokenCredential Assertion(string tenant, string clientId, Func<CancellationToken, Task<string>> assertion) =>
        new ClientAssertionCredential(tenant, clientId, assertion, Options(new ClientAssertionCredentialOptions()));

    /// <summary>The operator identity's token for the exchange, which an application takes as an assertion.</summary>
    public async Task<string> ExchangeTokenAsync(CancellationToken cancellation) =>
        (await Operator.GetTokenAsync(new TokenRequestContext([LocalCloudAzure.TokenExchangeAudience + "/.default"]),
            cancellation)).Token;

    public T Options<T>(T options)
        where T : ClientOptions
    {
        options.Transport = new HttpClientTransport(Http);
        options.Retry.MaxRetries = 0;
        return options;
    }

    public async Task<HttpResponseMessage> SendAsync(
        TokenCredential? credential, string scope, HttpRequestMessage request)
    {
        if (credential is not null)
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>A name that no other test of this cloud uses.</summary>
    public string Name(string stem) =>
        string.Create(CultureInfo.InvariantCulture, $"{stem}{Interlocked.Increment(ref names)}");

    private T Keep<T>(T one)
        where T : IDisposable
    {
        kept.Add(one);
        return one;
    }
}
