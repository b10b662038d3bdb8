using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Cloud.Keys;

namespace Cloud.Azure.Calling;

/// <summary>
/// Tokens by audience and directory, kept and renewed by the SDK's own policy. Into a tenant's directory we go without
/// any secret: a token of our user-assigned identity is the assertion of the application that the tenant installed.
/// </summary>
internal sealed class AzureTokens : HttpPipelinePolicy
{
    private const string ExchangeScope = "api://AzureADTokenExchange/.default";

    private readonly AzureOptions options;
    private readonly HttpPipelineTransport wire;
    private readonly Lazy<TokenCredential> own;
    private readonly ConcurrentDictionary<(AzureAudience, KeyTenancy?), BearerTokenAuthenticationPolicy> policies =
        new();

    /// <param name="options">Who we are.</param>
    /// <param name="wire">What tokens are asked over. Asking for one changes nothing, so it needs no leave.</param>
    public AzureTokens(AzureOptions options, HttpPipelineTransport wire)
    {
        this.options = options;
        this.wire = wire;
        own = new(() => Own());
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        PolicyFor(message) is { } policy ? policy.ProcessAsync(message, pipeline) : ProcessNextAsync(message, pipeline);

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("only asked asynchronously");

    /// <summary>A bare token of our own directory, for a check at the start.</summary>
    public ValueTask<AccessToken> GetAsync(AzureAudience audience, CancellationToken cancellation) =>
        own.Value.GetTokenAsync(new TokenRequestContext([ScopeOf(audience)]), cancellation);

    private BearerTokenAuthenticationPolicy? PolicyFor(HttpMessage message)
    {
        var terms = CallAttempt.Of(message).Terms;
        return terms.Audience == AzureAudience.None ? null
            : policies.GetOrAdd((terms.Audience, terms.Tenancy),
                key => new(CredentialFor(key.Item2), ScopeOf(key.Item1)));
    }

    private string ScopeOf(AzureAudience audience) => audience switch
    {
        AzureAudience.ResourceManager => new Uri(options.Environment.ResourceManager, ".default").ToString(),
        AzureAudience.Vault => $"https://{options.Environment.VaultSuffix}/.default",
        _ => "https://storage.azure.com/.default",
    };

    private TokenCredential CredentialFor(KeyTenancy? tenancy) => tenancy is null
        ? own.Value
        : new ClientAssertionCredential(
            tenancy.TenantId,
            tenancy.ClientId,
            AssertAsync,
            Configured(new ClientAssertionCredentialOptions()));

    private async Task<string> AssertAsync(CancellationToken cancellation)
    {
        try
        {
            return (await own.Value.GetTokenAsync(new TokenRequestContext([ExchangeScope]), cancellation)).Token;
        }
        catch (AuthenticationFailedException refused)
        {
            // ours, not the tenant's
            throw new CloudException(AzureProblems.From(refused), "entra:Token", requestId: null, refused);
        }
    }

    private TokenCredential Own()
    {
        if (!options.IsConfigured)
        {
            throw new CredentialUnavailableException("AZURE_TENANT_ID and AZURE_CLIENT_ID are not set");
        }

        if (options.FederatedTokenFile is { } file)
        {
            return new WorkloadIdentityCredential(
                Configured(
                    new WorkloadIdentityCredentialOptions
                    {
                        TenantId = options.TenantId,
                        ClientId = options.ClientId,
                        TokenFilePath = file,
                    }));
        }

        return options.ClientSecret is { } secret
            ? new ClientSecretCredential(options.TenantId, options.ClientId, secret,
                Configured(new ClientSecretCredentialOptions()))
            : new ManagedIdentityCredential(
                Configured(
                    new ManagedIdentityCredentialOptions(
                        ManagedIdentityId.FromUserAssignedClientId(options.ClientId!))));
    }

    private T Configured<T>(T settings)
        where T : TokenCredentialOptions
    {
        settings.AuthorityHost = options.Environment.Authority;
        settings.Transport = wire;
        settings.Retry.MaxRetries = 0; // ours count: see Attempts
        return settings;
    }
}
