using System.Text.Json.Nodes;
using Azure.ResourceManager;
using LocalCloud.Tests.Azure.Vault;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Arm;

public sealed class ResourceTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private const string TenantGroup =
        $"/subscriptions/{LocalCloudAzure.TenantSubscription}/resourceGroups/{LocalCloudAzure.ResourceGroup}";

    private ArmWire Tenant => new(cloud, cloud.TenantAdmin);

    [Fact]
    public async Task The_real_client_lists_subscriptions_and_groups()
    {
        var client =
            new ArmClient(cloud.Operator, LocalCloudAzure.PlatformSubscription, cloud.Options(new ArmClientOptions()));
        var subscription = await client.GetDefaultSubscriptionAsync();
        subscription.Data.SubscriptionId.ShouldBe(LocalCloudAzure.PlatformSubscription);
        var names = new List<string>();
        await foreach (var group in subscription.GetResourceGroups())
        {
            names.Add(group.Data.Name);
        }

        names.ShouldContain(LocalCloudAzure.ResourceGroup);
    }

    [Fact]
    public async Task A_tenant_makes_a_vault_a_key_and_a_role_for_the_application()
    {
        var name = cloud.Name("made-vault");
        var id = $"{TenantGroup}/providers/Microsoft.KeyVault/vaults/{name}";
        var properties = new JsonObject
        {
            ["tenantId"] = LocalCloudAzure.Tenant,
            ["enableRbacAuthorization"] = true,
            ["enablePurgeProtection"] = true,
            ["sku"] = new JsonObject { ["family"] = "A", ["name"] = "standard" },
        };
        var made = (await Tenant.Put(id, new JsonObject { ["location"] = "westeurope", ["properties"] = properties }))
            .Expect(200).Json["properties"]!;
        $"{made["vaultUri"]} {made["enablePurgeProtection"]} {made["enableSoftDelete"]}".ShouldBe(
            $"https://{name}.vault.azure.net/ true true");
        var admin = new VaultClient(cloud, name, cloud.TenantAdmin);
        (await admin.Create("acme")).Expect(200);
        var app = new VaultClient(cloud, name, cloud.App);
        (await app.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");

        var assignment = $"{id}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}";
        var wanted = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] =
                    "/providers/Microsoft.Authorization/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6",
                ["principalId"] = cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId),
            },
        };
        (await Tenant.Put(assignment, (JsonObject)wanted.DeepClone())).Expect(201);
        (await app.Get("keys/acme")).Expect(200);
        var twin = $"{id}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}";
        (await Tenant.Put(twin, wanted)).Problem.ShouldBe("409 RoleAssignmentExists");
        (await Tenant.Get(
            $"{id}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()")).Json["value"]!.AsArray().Count
                .ShouldBe(4);
        (await Tenant.Delete(assignment)).Expect(200);
        (await app.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
    }

    [Fact]
    public async Task A_role_made_over_the_wire_counts_after_the_lag()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        var app = Guid.NewGuid().ToString();
        var oid = cloud.Admin.AddApp(app, LocalCloudAzure.Tenant, "s");
        cloud.Admin.RoleLag = TimeSpan.FromMinutes(5);
        var body = new JsonObject
        {
            ["properties"] =
                new JsonObject { ["roleDefinitionId"] = "12338af0-0e69-4776-bea7-57ae8d297424", ["principalId"] = oid },
        };
        (await Tenant.Put(
            $"{cloud.Admin.VaultId(vault)}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}",
            body)).Expect(201);
        cloud.Admin.RoleLag = TimeSpan.Zero;
        var client = new VaultClient(cloud, vault, cloud.Secret(LocalCloudAzure.Tenant, app, "s"));
        (await client.Get("keys/acme")).Problem.ShouldBe("403 Forbidden ForbiddenByRbac");
        cloud.Server.Admin.ClockOffset = TimeSpan.FromMinutes(6);
        try
        {
            (await client.Get("keys/acme")).Expect(200);
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task Purge_protection_is_for_ever_and_a_deleted_vault_keeps_its_name()
    {
        var name = cloud.Name("kept");
        cloud.Admin.CreateVault(name);
        var id = cloud.Admin.VaultId(name);
        (await Tenant.Patch(id,
            new JsonObject { ["properties"] = new JsonObject { ["enablePurgeProtection"] = false } })).Problem
                .ShouldBe("400 BadRequest");
        (await Tenant.Delete(id)).Expect(200);
        (await Tenant.Get(id)).Problem.ShouldBe("404 ResourceNotFound");
        var body = new JsonObject
        {
            ["location"] = "westeurope",
            ["properties"] = new JsonObject { ["tenantId"] = LocalCloudAzure.Tenant },
        };
        (await Tenant.Put(id, (JsonObject)body.DeepClone())).Problem.ShouldBe("409 ConflictError");
        var purge =
            $"/subscriptions/{LocalCloudAzure.TenantSubscription}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/{name}/purge";
        (await Tenant.Post(purge)).Problem.ShouldBe("400 MethodNotAllowed");
        body["properties"]!["createMode"] = "recover";
        (await Tenant.Put(id, body)).Expect(200);
        (await Tenant.Get(id)).Expect(200);
    }

    [Fact]
    public async Task Nobody_does_what_no_role_allows_nor_what_another_tenant_owns()
    {
        var app = Guid.NewGuid().ToString();
        cloud.Admin.AddApp(app, LocalCloudAzure.PlatformTenant, "s");
        var nobody = new ArmWire(cloud, cloud.Secret(LocalCloudAzure.PlatformTenant, app, "s"));
        (await nobody.Put(ArmWire.Account("nobodys"), ArmWire.NewAccount())).Problem
            .ShouldBe("403 AuthorizationFailed");
        cloud.Admin.AddRole(cloud.Admin.ObjectIdOf(LocalCloudAzure.PlatformTenant, app)!, "Storage Account Contributor",
            ArmWire.Group);
        (await nobody.Put(ArmWire.Account("nobodys"), ArmWire.NewAccount())).Problem
            .ShouldBe("403 LinkedAuthorizationFailed");
        (await Tenant.Get(ArmWire.Account("nobodys"))).Problem.ShouldBe("401 InvalidAuthenticationTokenTenant");
        (await Tenant.Get($"/subscriptions/{Guid.NewGuid()}/resourceGroups")).Problem
            .ShouldBe("404 SubscriptionNotFound");
        (await Tenant.Get(TenantGroup + "x/providers/Microsoft.KeyVault/vaults/a")).Problem
            .ShouldBe("404 ResourceGroupNotFound");
    }

    [Fact]
    public async Task Resource_Manager_may_be_down()
    {
        cloud.Admin.SetUnreachable("arm", true);
        try
        {
            await Should.ThrowAsync<HttpRequestException>(() => Tenant.Get(TenantGroup));
        }
        finally
        {
            cloud.Admin.SetUnreachable("arm", false);
        }

        (await Tenant.Get(TenantGroup)).Expect(200);
    }

    [Fact]
    public async Task An_identity_trusts_at_most_twenty()
    {
        var id = $"{ArmWire.Group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{cloud.Name("identity")}";
        var arm = new ArmWire(cloud, cloud.PlatformAdmin);
        (await arm.Put(id, new JsonObject { ["location"] = "westeurope" })).Expect(201).Json["properties"]!["clientId"]
            .ShouldNotBeNull();
        for (var i = 0; i < 20; i++)
        {
            (await Trust(i)).Expect(201);
        }

        (await Trust(20)).Problem.ShouldBe("400 TooManyFederatedIdentityCredentials");
        (await arm.Get(id + "/federatedIdentityCredentials")).Json["value"]!.AsArray().Count.ShouldBe(20);

        Task<AzureAnswer> Trust(int number) => arm.Put($"{id}/federatedIdentityCredentials/c{number}", new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["issuer"] = LocalCloudAzure.ClusterIssuer,
                ["subject"] = $"system:serviceaccount:a:{number}",
                ["audiences"] = new JsonArray(LocalCloudAzure.TokenExchangeAudience),
            },
        });
    }
}
