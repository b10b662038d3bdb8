using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Entra;

public sealed class TokenTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private const string Vault = "https://vault.azure.net/.default";

    [Fact]
    public async Task A_secret_gets_a_signed_token_for_the_resource()
    {
        var claims = Claims(await Token(cloud.TenantAdmin, Vault));
        $"{claims["aud"]} {claims["tid"]} {claims["oid"]} {claims["iss"]}".ShouldBe(
            $"https://vault.azure.net {LocalCloudAzure.Tenant} {LocalCloudAzure.TenantAdminObjectId} "
                + $"https://sts.windows.net/{LocalCloudAzure.Tenant}/");
        var keys = JsonNode.Parse(
            await cloud.Http.GetStringAsync(
                $"https://login.microsoftonline.com/{LocalCloudAzure.Tenant}/discovery/v2.0/keys"));
        ((string?)keys!["keys"]![0]!["kid"])
            .ShouldBe((string?)Json((await Token(cloud.TenantAdmin, Vault)).Split('.')[0])["kid"]);
    }

    [Fact]
    public async Task A_service_account_becomes_the_identity_and_the_identity_the_application_in_the_tenant()
    {
        var claims = Claims(await Token(cloud.App, Vault));
        $"{claims["appid"]} {claims["tid"]} {claims["oid"]}".ShouldBe(
            $"{LocalCloudAzure.AppClientId} {LocalCloudAzure.Tenant} "
                + $"{cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)}");
    }

    [Fact]
    public async Task An_application_that_is_not_installed_is_told_so()
    {
        var (app, other) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        cloud.Admin.AddApp(app, LocalCloudAzure.PlatformTenant, "s", multiTenant: true);
        cloud.Admin.AddTenant(other);
        await Refused("AADSTS7000229", cloud.Secret(other, app, "s"));
        cloud.Admin.InstallApp(other, app);
        await Token(cloud.Secret(other, app, "s"), Vault);
        cloud.Admin.UninstallApp(other, app);
        await Refused("AADSTS7000229", cloud.Secret(other, app, "s"));
        await Refused("AADSTS700016", cloud.Secret(other, Guid.NewGuid().ToString(), "s"));
        await Refused("AADSTS90002", cloud.Secret(Guid.NewGuid().ToString(), app, "s"));
    }

    [Fact]
    public async Task An_application_of_one_tenant_is_unknown_in_others() =>
        await Refused("AADSTS700016",
            cloud.Secret(LocalCloudAzure.PlatformTenant, LocalCloudAzure.TenantAdminClientId,
                LocalCloudAzure.TenantAdminSecret));

    [Fact]
    public async Task Secrets_must_be_right_and_in_time()
    {
        var app = Guid.NewGuid().ToString();
        cloud.Admin.AddApp(app, LocalCloudAzure.Tenant, "right");
        await Refused("AADSTS7000215", cloud.Secret(LocalCloudAzure.Tenant, app, "wrong"));
        cloud.Admin.ExpireSecret(app, "right");
        await Refused("AADSTS7000222", cloud.Secret(LocalCloudAzure.Tenant, app, "right"));
    }

    [Theory]
    [InlineData("system:serviceaccount:other:byok-operator", LocalCloudAzure.TokenExchangeAudience, "AADSTS700213")]
    [InlineData("system:serviceaccount:BYOK-system:byok-operator", LocalCloudAzure.TokenExchangeAudience,
        "AADSTS700213")]
    [InlineData(LocalCloudAzure.ServiceAccountSubject, "api://other", "AADSTS700212")]
    public async Task An_assertion_must_match_a_federated_credential(string subject, string audience, string code) =>
        await Refused(code, Identity(cloud.Admin.IssueClusterToken(subject, audience)));

    [Fact]
    public async Task An_assertion_must_be_signed_by_its_issuer_and_in_time()
    {
        var good = cloud.Admin.IssueClusterToken();
        var parts = good.Split('.');
        await Refused("AADSTS700027",
            Identity(
                $"{parts[0]}.{parts[1]}.{Convert.ToBase64String(new byte[256]).Replace('+', '-').Replace('/', '_').TrimEnd('=')}"));
        await Refused("AADSTS50027", Identity("no-token"));
        await Refused("AADSTS700211",
            cloud.Assertion(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId, _ => Task.FromResult(good)));
        await using var later = await LocalCloudServer.StartAsync(new LocalCloudOptions { Clock = new Later() });
        using var http = new HttpClient(later.NewAzureHandler());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = LocalCloudAzure.IdentityClientId,
            ["scope"] = Vault,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = good,
        });
        using var answer = await http.PostAsync(
            new Uri($"https://login.microsoftonline.com/{LocalCloudAzure.PlatformTenant}/oauth2/v2.0/token"), form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("AADSTS700024");
    }

    [Fact]
    public async Task A_resource_that_no_tenant_has_and_a_scope_without_default_are_refused()
    {
        await Refused("AADSTS500011", cloud.TenantAdmin, "https://nowhere.example/.default");
        await Refused("AADSTS1002012", cloud.TenantAdmin, "https://vault.azure.net/read");
    }

    [Fact]
    public async Task The_metadata_endpoint_hands_out_the_identitys_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&client_id={LocalCloudAzure.IdentityClientId}");
        request.Headers.Add("Metadata", "true");
        using var answer = await cloud.Http.SendAsync(request);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string?)Claims((string)json["access_token"]!)["oid"]).ShouldBe(LocalCloudAzure.IdentityObjectId);
        using var bare =
            await cloud.Http.GetAsync(new Uri("http://169.254.169.254/metadata/identity/oauth2/token?resource=x"));
        bare.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Entra_may_be_down_or_throttle()
    {
        await using var server = await LocalCloudServer.StartAsync();
        using var http = new HttpClient(server.NewAzureHandler());
        var options =
            new ClientSecretCredentialOptions { Transport = new global::Azure.Core.Pipeline.HttpClientTransport(http) };
        options.Retry.MaxRetries = 0;
        // MSAL remembers for the whole process whom it was told to wait for: this application is nobody else's.
        var app = Guid.NewGuid().ToString();
        server.Admin.Azure.AddApp(app, LocalCloudAzure.Tenant, "s");
        var credential = new ClientSecretCredential(LocalCloudAzure.Tenant, app, "s", options);
        server.Admin.Azure.SetUnreachable("entra", true);
        await Should.ThrowAsync<AuthenticationFailedException>(() => Token(credential, Vault));
        server.Admin.Azure.SetUnreachable("entra", false);
        await Token(credential, Vault);
        server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "entra", Operation = "Token", Count = 1 });
        (await Should.ThrowAsync<AuthenticationFailedException>(() =>
            Token(credential, "https://management.azure.com/.default"))).ToString().ShouldContain("AADSTS90055");
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_an_unknown_host() =>
        (await Should.ThrowAsync<HttpRequestException>(() =>
            cloud.Http.GetAsync(new Uri("https://acme.vault.azure.cn/keys")))).HttpRequestError
                .ShouldBe(HttpRequestError.NameResolutionError);

    private static async Task<string> Token(TokenCredential credential, string scope) =>
        (await credential.GetTokenAsync(new TokenRequestContext([scope]), CancellationToken.None)).Token;

    private static async Task Refused(string code, TokenCredential credential, string scope = Vault) =>
        (await Should.ThrowAsync<AuthenticationFailedException>(() => Token(credential, scope))).ToString()
            .ShouldContain(code + ":");

    private static JsonNode Claims(string token) => Json(token.Split('.')[1]);

    private static JsonNode Json(string part) =>
        JsonNode.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part)))!;

    private TokenCredential Identity(string assertion) =>
        cloud.Assertion(LocalCloudAzure.PlatformTenant, LocalCloudAzure.IdentityClientId,
            _ => Task.FromResult(assertion));

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(3);
    }
}
