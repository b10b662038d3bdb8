using Azure.Core;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Calling;

public sealed class AzureHostsTests(AzureStand stand) : IClassFixture<AzureStand>
{
    public static TheoryData<string, string> Allowed => new()
    {
        { "ResourceManager", "https://management.azure.com/subscriptions/1" },
        { "ResourceManager", "https://westeurope.management.azure.com/subscriptions/1/operations/2" },
        { "Vault", "https://acme.vault.azure.net/keys/a" },
        { "Vault", "https://ACME.VAULT.azure.net/keys/a" },
        { "Storage", "https://byok1.blob.core.windows.net/data/a" },
        { "None", "https://byok1.blob.core.windows.net/data/a?sig=x" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "Vault", "https://vault.azure.net/keys/a" },
        { "Vault", "https://acme.vault.azure.net.evil.example/keys/a" },
        { "Vault", "https://evil.example/acme.vault.azure.net" },
        { "Vault", "https://acme-vault.azure.net/keys/a" },
        { "Vault", "https://a.b.vault.azure.net/keys/a" },
        { "Vault", "https://acme.vault.azure.net@evil.example/keys/a" },
        { "Vault", "https://acme.vault.azure.net:8443/keys/a" },
        { "Vault", "http://acme.vault.azure.net/keys/a" },
        { "Vault", "https://acme.vault.azure.cn/keys/a" },
        { "Vault", "https://acme.vault.usgovcloudapi.net/keys/a" },
        { "Vault", "https://byok1.blob.core.windows.net/data/a" },
        { "Storage", "https://acme.vault.azure.net/keys/a" },
        { "Storage", "https://byok1.table.core.windows.net/a" },
        { "Storage", "https://evil.example/#.blob.core.windows.net" },
        { "None", "https://evil.example/data/a?sig=x" },
        { "ResourceManager", "https://management.azure.com.evil.example/subscriptions/1" },
        { "ResourceManager", "https://management.chinacloudapi.cn/subscriptions/1" },
        { "ResourceManager", "https://169.254.169.254/metadata" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_services_own_hosts_are_allowed(string audience, string address) =>
        AzureHosts.Allows(AzureEnvironment.Public, Enum.Parse<AzureAudience>(audience), new Uri(address))
            .ShouldBeTrue();

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_nearly_one_is_not(string audience, string address) =>
        AzureHosts.Allows(AzureEnvironment.Public, Enum.Parse<AzureAudience>(audience), new Uri(address))
            .ShouldBeFalse();

    [Theory]
    [InlineData("usgovernment", "https://acme.vault.usgovcloudapi.net/", "https://byok1.blob.core.usgovcloudapi.net/",
        "https://management.usgovcloudapi.net/", "https://login.microsoftonline.us/")]
    [InlineData("china", "https://acme.vault.azure.cn/", "https://byok1.blob.core.chinacloudapi.cn/",
        "https://management.chinacloudapi.cn/", "https://login.partner.microsoftonline.cn/")]
    public void A_sovereign_cloud_has_hosts_of_its_own(
        string name, string vault, string blob, string management, string signIn)
    {
        var environment = AzureEnvironment.Find(name)!;

        AzureHosts.Allows(environment, AzureAudience.Vault, new Uri(vault)).ShouldBeTrue();
        AzureHosts.Allows(environment, AzureAudience.Storage, new Uri(blob)).ShouldBeTrue();
        AzureHosts.Allows(environment, AzureAudience.ResourceManager, new Uri(management)).ShouldBeTrue();
        AzureHosts.AllowsSignIn(environment, new Uri(signIn)).ShouldBeTrue();
        AzureHosts.Allows(environment, AzureAudience.Vault, new Uri("https://acme.vault.azure.net/")).ShouldBeFalse();
        AzureHosts.AllowsSignIn(environment, new Uri("https://login.microsoftonline.com/")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/tenant/oauth2/v2.0/token", true)]
    [InlineData("http://169.254.169.254/metadata/identity/oauth2/token", true)]
    [InlineData("http://127.0.0.1:40342/metadata/identity/oauth2/token", true)]
    [InlineData("http://login.microsoftonline.com/tenant/oauth2/v2.0/token", false)]
    [InlineData("https://login.microsoftonline.com.evil.example/token", false)]
    [InlineData("https://10.0.0.1/token", false)]
    public void Who_we_are_is_told_to_Entra_alone(string address, bool isAllowed) =>
        AzureHosts.AllowsSignIn(AzureEnvironment.Public, new Uri(address)).ShouldBe(isAllowed);

    [Fact]
    public async Task A_call_elsewhere_asks_for_no_token_and_is_not_made()
    {
        var asked = new List<Uri>();
        using var cloud =
            stand.NewCloud(change: options => options with { Connections = null, Transport = new Deaf(asked) });

        foreach (var (audience, address) in Refused.Select(row =>
            (Enum.Parse<AzureAudience>(row.Data.Item1), new Uri(row.Data.Item2))))
        {
            var refused = await Should.ThrowAsync<CloudException>(() =>
                cloud.Caller.SendAsync(new AzureCall("x:Look", RequestMethod.Get, address, audience),
                    CancellationToken.None));
            refused.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe("HostNotAllowed");
        }

        asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_hands_no_token_for_a_source_elsewhere()
    {
        var asked = new List<Uri>();
        using var cloud =
            stand.NewCloud(change: options => options with { Connections = null, Transport = new Deaf(asked) });
        var site = new global::Cloud.Azure.Objects.BlobSite(cloud.Caller);

        var refused = await Should.ThrowAsync<CloudException>(() =>
            site.SourceAuthorizationAsync(new Uri("https://evil.example/data/a"), CancellationToken.None));

        refused.Problem.Code.ShouldBe("HostNotAllowed");
        asked.ShouldBeEmpty();
    }

    private sealed class Deaf(List<Uri> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add(request.RequestUri!);
            throw new HttpRequestException("nobody hears");
        }
    }
}
