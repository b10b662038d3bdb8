using Cloud.Keys;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>A vault goes by roles or by access policies, and its refusals tell by which.</summary>
public sealed class VaultModelTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly string[] Wanted = ["get", "wrapKey", "unwrapKey"];

    [Fact]
    public async Task Where_access_policies_decide_what_they_lack_is_named_in_their_words()
    {
        var (key, vault) = NewKey();
        var proof = await ProveAsync(key, stored: null);
        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "RolePending"));
        proof.Message.ShouldContain("it goes by access policies, so give it get, wrapKey, unwrapKey");
        proof.MissingActions.ShouldBe(Wanted);

        stand.Admin.SetAccessPolicy(vault, LocalCloudAzure.Tenant, App, Wanted);
        var proved = await ProveAsync(key, stored: null);
        (proved.Verdict, proved.Reason).ShouldBe((KeyVerdict.Usable, "Proved"));
        proved.ExcessActions.ShouldBeEmpty();

        stand.Admin.SetAccessPolicy(vault, LocalCloudAzure.Tenant, App, "get");
        var taken = await ProveAsync(key, proved.Canary);
        (taken.Verdict, taken.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"));
        taken.Message.ShouldContain("access policies");
        taken.MissingActions.ShouldBe(Wanted);
    }

    /// <summary>A role means nothing there, and a policy nothing where roles decide.</summary>
    [Fact]
    public async Task A_vault_that_is_turned_from_policies_to_roles_refuses_until_the_role_is_given()
    {
        var (key, vault) = NewKey();
        stand.Admin.SetAccessPolicy(vault, LocalCloudAzure.Tenant, App, Wanted);
        var canary = (await ProveAsync(key, stored: null)).Canary;

        stand.Admin.SetVaultModel(vault, usesRoles: true);
        var turned = await ProveAsync(key, canary);
        (turned.Verdict, turned.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"));
        turned.Message.ShouldContain("the role Key Vault Crypto Service Encryption User");

        stand.Admin.AddRole(App, "Key Vault Crypto Service Encryption User", $"{stand.Admin.VaultId(vault)}/keys/acme");
        (await ProveAsync(key, canary)).Verdict.ShouldBe(KeyVerdict.Usable);
    }

    private string App => stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;

    private (KeyRef Key, string Vault) NewKey()
    {
        var vault = stand.Name("policies");
        stand.Admin.CreateVault(vault, usesRoles: false);
        stand.Admin.CreateKey(vault, "acme");
        return (new KeyRef(KeyRef.AnyRegion, $"https://{vault}.vault.azure.net/keys/acme")
        {
            Cloud = CloudKind.Azure, Tenancy = new KeyTenancy(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId),
        }, vault);
    }

    private Task<KeyProof> ProveAsync(KeyRef key, Canary? stored) =>
        stand.Cloud.Keys.ProveAsync(key, new Dictionary<string, string> { ["byok.dev/key"] = "acme" }, stored,
            CancellationToken.None);
}
