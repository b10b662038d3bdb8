using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Vault;

public sealed class VaultAccessTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private static readonly byte[] Secret = new byte[32];

    [Fact]
    public async Task Nobody_without_a_token_gets_further_than_the_challenge()
    {
        var (_, vault) = NewVault();
        var answer = await new VaultClient(cloud, vault, null).Get("keys");
        answer.Problem.ShouldBe("401 Unauthorized");
        answer.Header("WWW-Authenticate")
            .ShouldBe(
                $"Bearer authorization=\"https://login.microsoftonline.com/{LocalCloudAzure.Tenant}\", "
                    + "resource=\"https://vault.azure.net\"");
    }

    [Fact]
    public async Task Tokens_of_other_tenants_and_for_other_resources_are_refused()
    {
        var (_, vault) = NewVault();
        var other = await new VaultClient(cloud, vault, cloud.Operator).Get("keys");
        $"{other.Problem} {other.Json["error"]!["message"]}".ShouldContain("401 Unauthorized AKV10032");
        using var request =
            new HttpRequestMessage(HttpMethod.Get, new Uri(LocalCloudAzure.Vault(vault), "keys?api-version=7.4"));
        var wrong = await AzureAnswer.Of(
            await cloud.SendAsync(cloud.TenantAdmin, "https://management.azure.com/.default", request));
        $"{wrong.Problem} {wrong.Json["error"]!["message"]}".ShouldContain("401 Unauthorized AKV10022");
    }

    [Fact]
    public async Task A_role_counts_after_its_lag_and_stops_counting_after_it_too()
    {
        var app = Guid.NewGuid().ToString();
        var oid = cloud.Admin.AddApp(app, LocalCloudAzure.Tenant, "s");
        var (_, vault) = NewVault();
        var client = new VaultClient(cloud, vault, cloud.Secret(LocalCloudAzure.Tenant, app, "s"));
        (await client.Wrap("acme", Secret)).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        cloud.Admin.AddRole(oid, "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(vault) + "/keys/acme");
        (await client.Wrap("acme", Secret)).Expect(200);
        (await client.Crypt("acme", "encrypt", Secret)).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        (await client.Get("keys")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        cloud.Admin.RoleLag = TimeSpan.FromMinutes(5);
        cloud.Admin.RemoveRole(oid, "Key Vault Crypto Service Encryption User").ShouldBe(1);
        cloud.Admin.RoleLag = TimeSpan.Zero;
        (await client.Wrap("acme", Secret)).Expect(200);
        try
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.FromMinutes(6);
            (await client.Wrap("acme", Secret)).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task A_vault_goes_by_roles_or_by_policies_never_by_both()
    {
        var (admin, vault) = NewVault();
        cloud.Admin.SetVaultModel(vault, usesRoles: false);
        (await admin.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByPolicy");
        cloud.Admin.SetAccessPolicy(vault, LocalCloudAzure.Tenant, LocalCloudAzure.TenantAdminObjectId, "get",
            "wrapKey");
        (await admin.Get("keys/acme")).Expect(200);
        (await admin.Wrap("acme", Secret)).Expect(200);
        (await admin.Unwrap("acme", Secret)).Problem.ShouldBe("403 Forbidden ForbiddenByPolicy");
    }

    [Fact]
    public async Task The_application_of_another_tenant_gets_in_by_a_role_of_this_one()
    {
        var (_, vault) = NewVault();
        var client = new VaultClient(cloud, vault, cloud.App);
        (await client.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        cloud.Admin.AddRole(cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(vault));
        (await client.Wrap("acme", Secret)).Expect(200);
    }

    [Fact]
    public async Task A_firewall_keeps_clients_out()
    {
        var (admin, vault) = NewVault();
        cloud.Admin.SetVaultFirewall(vault, denies: true);
        (await admin.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByFirewall");
        cloud.Admin.SetVaultFirewall(vault, denies: false);
        (await admin.Get("keys/acme")).Expect(200);
    }

    [Fact]
    public async Task A_deleted_vault_is_an_unknown_host_and_comes_back_without_its_roles()
    {
        var (_, vault) = NewVault();
        var app = Guid.NewGuid().ToString();
        cloud.Admin.AddRole(cloud.Admin.AddApp(app, LocalCloudAzure.Tenant, "s"), "Key Vault Crypto User",
            cloud.Admin.VaultId(vault));
        var client = new VaultClient(cloud, vault, cloud.Secret(LocalCloudAzure.Tenant, app, "s"));
        (await client.Get("keys/acme")).Expect(200);
        cloud.Admin.SetVaultDeleted(vault, true);
        await Should.ThrowAsync<HttpRequestException>(() => client.Get("keys/acme"));
        cloud.Admin.SetVaultDeleted(vault, false);
        (await client.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
    }

    private (VaultClient Client, string Vault) NewVault()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        return (new VaultClient(cloud, vault, cloud.TenantAdmin), vault);
    }
}
