using System.Net;
using System.Net.Http.Json;
using LocalCloud.Azure.Admin;
using LocalCloud.Tests.Azure.Blob;
using LocalCloud.Tests.Azure.Vault;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Admin;

public sealed class AzureAdminApiTests(AzureFixture cloud) : IClassFixture<AzureFixture>, IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = cloud.Server.Url };

    [Fact]
    public async Task Another_process_makes_a_key_and_a_store_takes_the_key_away_and_looks()
    {
        var name = cloud.Name("remote");
        await Post("vaults", new AzureOrder { Name = name });
        (await Post("keys", new AzureOrder { Vault = name, Key = "acme" })).Id
            .ShouldBe($"https://{name}.vault.azure.net/keys/acme");
        var app =
            (await Get($"installs?tenant={LocalCloudAzure.Tenant}&clientId={LocalCloudAzure.AppClientId}")).ObjectId!;
        await Post("roles",
            new AzureOrder
            {
                Principal = app,
                Role = "Key Vault Crypto Service Encryption User",
                Scope = (await Get("vaults?name=" + name)).Id,
            });
        await Post("accounts", new AzureOrder { Account = name });
        await Post("containers", new AzureOrder { Account = name, Container = "data" });
        await Post("accounts/encrypt",
            new AzureOrder { Account = name, Vault = name, Key = "acme", ClientId = LocalCloudAzure.AppClientId });
        await Post("many",
            new AzureOrder { Account = name, Container = "data", Prefix = "p/", Count = 3, Size = 10, Seed = 1 });
        (await Get($"containers?account={name}&container=data")).Count.ShouldBe(3);
        var blobs =
            BlobWire.Key(cloud.Http, LocalCloudAzure.Blob(name), name, (await Get("accounts?account=" + name)).Key!);
        (await blobs.Get("data/p/00000001")).Expect(200);
        await Post("keys/state", new AzureOrder { Vault = name, Key = "acme", Enabled = false });
        (await blobs.Get("data/p/00000001")).Problem.ShouldBe("403 KeyVaultEncryptionKeyNotFound");
        await Post("switches", new AzureOrder { Unreachable = ["arm"] });
        await Should.ThrowAsync<HttpRequestException>(() => cloud.Arm().Get(cloud.Admin.AccountId(name)));
        await Post("switches", new AzureOrder { Unreachable = [] });
        (await cloud.Arm().Get(cloud.Admin.AccountId(name))).Expect(200);
    }

    [Fact]
    public async Task What_it_gets_wrong_it_is_told()
    {
        using var unknown = await http.GetAsync(new Uri("/_admin/azure/none", UriKind.Relative));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var missing = await http.PostAsJsonAsync("/_admin/azure/keys", new AzureOrder { Vault = "none" },
            AzureAdminJson.Default.AzureOrder);
        missing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await missing.Content.ReadFromJsonAsync(AzureAdminJson.Default.AzureReply))!.Error.ShouldBe("Key is missing");
    }

    [Fact]
    public async Task Through_the_proxy_Azures_names_lead_here_and_no_others_anywhere()
    {
        var endpoints = await Get("endpoints");
        using var handler = new HttpClientHandler
        {
            Proxy = new WebProxy(endpoints.Proxy),
            ServerCertificateCustomValidationCallback = (_, shown, _, _) =>
                shown!.ExportCertificatePem() == endpoints.Certificate,
        };
        using var proxied = new HttpClient(handler);
        var keys = await proxied.GetStringAsync(
            new Uri($"https://login.microsoftonline.com/{LocalCloudAzure.Tenant}/discovery/v2.0/keys"));
        keys.ShouldContain("RS256");
        await Should.ThrowAsync<HttpRequestException>(() => proxied.GetStringAsync(new Uri("https://example.com/")));
        await Should.ThrowAsync<HttpRequestException>(() =>
            proxied.GetStringAsync(new Uri("https://nobodys.vault.azure.net/keys")));
    }

    [Fact]
    public async Task Calls_are_counted_by_who_made_them()
    {
        var vault = cloud.Name("counted");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        await new VaultClient(cloud, vault, cloud.TenantAdmin).Get("keys/acme");
        cloud.Server.Admin.Calls().Last(call => call.Account == vault).ShouldSatisfyAllConditions(
            call =>
                $"{call.Service} {call.Operation} {call.Principal} {call.Status} {call.Key}".ShouldBe(
                    $"keyvault GetKey {LocalCloudAzure.TenantAdminObjectId} 200 acme"));
        cloud.Server.Admin.Count("keyvault", "GetKey", LocalCloudAzure.TenantAdminObjectId).ShouldBeGreaterThan(0);
    }

    public void Dispose() => http.Dispose();

    private async Task<AzureReply> Get(string path)
    {
        using var answer = await http.GetAsync(new Uri("/_admin/azure/" + path, UriKind.Relative));
        return (await answer.Content.ReadFromJsonAsync(AzureAdminJson.Default.AzureReply))!;
    }

    private async Task<AzureReply> Post(string path, AzureOrder order)
    {
        using var answer =
            await http.PostAsJsonAsync("/_admin/azure/" + path, order, AzureAdminJson.Default.AzureOrder);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(AzureAdminJson.Default.AzureReply))!;
    }
}
