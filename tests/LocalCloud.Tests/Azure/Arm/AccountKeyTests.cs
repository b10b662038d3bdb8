using System.Text.Json.Nodes;
using LocalCloud.Tests.Azure.Vault;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Arm;

/// <summary>Accounts under a tenant's key, as Resource Manager sees them.</summary>
public sealed class AccountKeyTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private ArmWire Arm => new(cloud, cloud.Operator);

    [Fact]
    public async Task An_account_is_made_under_a_key_of_another_tenant()
    {
        var (vault, _) = NewKey();
        var name = cloud.Name("account");
        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount(LocalCloudAzure.Vault(vault)))).Expect(202);
        var encryption = (await Arm.Get(ArmWire.Account(name))).Json["properties"]!["encryption"]!;
        ((string?)encryption["keyvaultproperties"]!["currentVersionedKeyIdentifier"])
            .ShouldBe($"https://{vault}.vault.azure.net/keys/acme/{cloud.Admin.LatestVersion(vault, "acme")}");
        $"{encryption["keySource"]} {encryption["requireInfrastructureEncryption"]} {encryption["services"]!["queue"]!["keyType"]} {encryption["identity"]!["federatedIdentityClientId"]}"
            .ShouldBe($"Microsoft.Keyvault true Account {LocalCloudAzure.AppClientId}");
        DateTimeOffset.Parse((string)encryption["keyvaultproperties"]!["lastKeyRotationTimestamp"]!, null)
            .ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_new_version_is_followed_within_a_day_and_a_pinned_one_never()
    {
        var (vault, _) = NewKey();
        var (follows, pinned) = (cloud.Name("follows"), cloud.Name("pinned"));
        var first = cloud.Admin.LatestVersion(vault, "acme");
        await Arm.Put(ArmWire.Account(follows), ArmWire.NewAccount(LocalCloudAzure.Vault(vault)));
        await Arm.Put(ArmWire.Account(pinned), ArmWire.NewAccount(LocalCloudAzure.Vault(vault), version: first));
        var second = cloud.Admin.RotateKey(vault, "acme");
        (await Version(follows)).ShouldBe(first);
        cloud.Server.Admin.ClockOffset = TimeSpan.FromHours(23);
        cloud.Admin.TokenLifetime = TimeSpan.FromDays(7);
        try
        {
            var later = new ArmWire(cloud,
                cloud.Assertion(LocalCloudAzure.PlatformTenant, LocalCloudAzure.IdentityClientId,
                    _ => Task.FromResult(cloud.Admin.IssueClusterToken())));
            (await Version(follows, later)).ShouldBe(first);
            cloud.Server.Admin.ClockOffset = TimeSpan.FromHours(25);
            (await Version(follows, later)).ShouldBe(second);
            (await Version(pinned, later)).ShouldBe(first);
            await later.Patch(ArmWire.Account(pinned),
                new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["encryption"] = ArmWire.Encryption(LocalCloudAzure.Vault(vault), "acme", second),
                    },
                });
            (await Version(pinned, later)).ShouldBe(second);
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
            cloud.Admin.TokenLifetime = TimeSpan.FromSeconds(3599);
        }
    }

    [Fact]
    public async Task A_vault_that_can_lose_keys_is_no_home_for_one()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault, purgeProtection: false);
        cloud.Admin.CreateKey(vault, "acme");
        Permit(vault);
        (await Make(vault)).Problem.ShouldBe("400 KeyVaultPolicyError");
    }

    [Fact]
    public async Task Whatever_is_wrong_with_the_key_is_said_before_anything_is_made()
    {
        var (vault, client) = NewKey();
        (await Make(vault, key: "other")).Problem.ShouldBe("400 KeyVaultEncryptionKeyNotFound");
        (await Make(vault, version: "00000000000000000000000000000000")).Problem
            .ShouldBe("400 KeyVaultEncryptionKeyNotFound");
        (await Make("nowhere")).Problem.ShouldBe("400 KeyVaultVaultNotFound");
        await client.Post("keys/curve/create", new JsonObject { ["kty"] = "EC" });
        (await Make(vault, key: "curve")).Problem.ShouldBe("400 InvalidValuesForRequestParameters");
        cloud.Admin.SetKeyEnabled(vault, "acme", false);
        (await Make(vault)).Problem.ShouldBe("400 KeyVaultEncryptionKeyNotFound");
        cloud.Admin.SetKeyEnabled(vault, "acme", true);
        cloud.Admin.SetVaultFirewall(vault, denies: true, trusted: false);
        (await Make(vault)).Problem.ShouldBe("403 KeyVaultAuthenticationFailure");
        cloud.Admin.SetVaultFirewall(vault, denies: true);
        (await Make(vault)).Expect(202);
    }

    [Fact]
    public async Task Without_its_role_or_its_application_the_identity_gets_nowhere()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        (await Make(vault)).Problem.ShouldBe("403 KeyVaultAuthenticationFailure");
        Permit(vault);
        var body = ArmWire.NewAccount(LocalCloudAzure.Vault(vault));
        body["properties"]!["encryption"]!["identity"]!["federatedIdentityClientId"] = Guid.NewGuid().ToString();
        (await Arm.Put(ArmWire.Account(cloud.Name("account")), body)).Problem
            .ShouldBe("403 GatewayAuthenticationFailed");
        body["properties"]!["encryption"]!["identity"]!["federatedIdentityClientId"] = null;
        (await Arm.Put(ArmWire.Account(cloud.Name("account")), body)).Problem
            .ShouldBe("403 KeyVaultAuthenticationFailure");
        body.Remove("identity");
        (await Arm.Put(ArmWire.Account(cloud.Name("account")), body)).Problem
            .ShouldBe("400 InvalidValuesForRequestParameters");
    }

    [Fact]
    public async Task Nobody_rescues_an_account_from_a_key_that_is_gone()
    {
        var (vault, _) = NewKey();
        var (other, _) = NewKey();
        var name = cloud.Name("account");
        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount(LocalCloudAzure.Vault(vault)))).Expect(202);
        cloud.Admin.SetKeyEnabled(vault, "acme", false);
        var own = new JsonObject
        {
            ["properties"] = new JsonObject { ["encryption"] = new JsonObject { ["keySource"] = "Microsoft.Storage" } },
        };
        var another = new JsonObject
        {
            ["properties"] =
                new JsonObject { ["encryption"] = ArmWire.Encryption(LocalCloudAzure.Vault(other), "acme") },
        };
        (await Arm.Patch(ArmWire.Account(name), own)).Problem.ShouldBe("400 KeyVaultEncryptionKeyNotFound");
        (await Arm.Patch(ArmWire.Account(name), another)).Problem.ShouldBe("400 KeyVaultEncryptionKeyNotFound");
        (await Arm.Patch(ArmWire.Account(name), new JsonObject { ["tags"] = new JsonObject { ["a"] = "1" } }))
            .Expect(200);
        cloud.Admin.SetKeyEnabled(vault, "acme", true);
        (await Arm.Patch(ArmWire.Account(name), another))
            .Expect(200).Json["properties"]!["encryption"]!["keyvaultproperties"]!["keyvaulturi"]!.ToString()
            .ShouldBe(LocalCloudAzure.Vault(other).ToString());
        (await Arm.Patch(ArmWire.Account(name), own))
            .Expect(200).Json["properties"]!["encryption"]!["keyvaultproperties"].ShouldBeNull();
    }

    [Fact]
    public async Task Identities_are_shown_with_their_ids()
    {
        var name = cloud.Name("account");
        await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount());
        var identities = (await Arm.Get(ArmWire.Account(name))).Json["identity"]!["userAssignedIdentities"]!;
        ((string?)identities[LocalCloudAzure.IdentityResourceId]!["principalId"])
            .ShouldBe(LocalCloudAzure.IdentityObjectId);
    }

    private Task<AzureAnswer> Make(string vault, string key = "acme", string version = "") =>
        Arm.Put(ArmWire.Account(cloud.Name("account")), ArmWire.NewAccount(LocalCloudAzure.Vault(vault), key, version));

    private async Task<string> Version(string account, ArmWire? arm = null) =>
        ((string)(await (arm ?? Arm).Get(ArmWire.Account(account)))
            .Expect(200).Json["properties"]!["encryption"]!["keyvaultproperties"]!["currentVersionedKeyIdentifier"]!)
                .Split('/')[^1];

    private (string Vault, VaultClient Client) NewKey()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        cloud.Admin.CreateKey(vault, "acme");
        Permit(vault);
        return (vault, new VaultClient(cloud, vault, cloud.TenantAdmin));
    }

    private void Permit(string vault) =>
        cloud.Admin.AddRole(cloud.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", cloud.Admin.VaultId(vault));
}
