using Cloud.Azure;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>A tenant's key in its own vault, asked over HTTP as the platform's
/// application that the tenant installed.</summary>
public sealed class KeyVaultTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string Role = "Key Vault Crypto Service Encryption User";
    private static readonly Dictionary<string, string> Context = new() { ["byok.dev/key"] = "acme" };

    [Fact]
    public async Task The_least_role_is_all_that_a_proof_needs()
    {
        var key = NewKey(out var vault);

        var proof = await ProveAsync(key);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Usable, "Proved"));
        proof.Version.ShouldBe(stand.Admin.LatestVersion(vault, "acme"));
        proof.Canary!.MaterialId.ShouldBe(proof.Version);
        proof.ExcessActions.ShouldBeEmpty();
        proof.Evidence.ShouldAllBe(call => call.RequestId != null);
        (await ProveAsync(key, proof.Canary)).Verdict.ShouldBe(KeyVerdict.Usable);
    }

    [Fact]
    public async Task A_disabled_key_is_revoked_and_usable_again_once_enabled()
    {
        var (key, vault, canary) = await ProvedAsync();

        stand.Admin.SetKeyEnabled(vault, "acme", false);
        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyDisabled");

        stand.Admin.SetKeyEnabled(vault, "acme", true);
        await ShouldBe(key, canary, KeyVerdict.Usable, "Proved");
    }

    [Fact]
    public async Task Another_key_under_the_same_name_is_told_from_the_first()
    {
        var (key, vault, canary) = await ProvedAsync();

        stand.Admin.RemoveKey(vault, "acme");
        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyNotFound");

        stand.Admin.CreateKey(vault, "acme");
        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyReplaced");
    }

    [Fact]
    public async Task Other_material_under_the_same_version_is_told_from_the_first()
    {
        var (key, vault, canary) = await ProvedAsync();

        stand.Admin.ReplaceMaterial(vault, "acme");

        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyReplaced");
    }

    [Fact]
    public async Task A_deleted_key_is_revoked_and_a_recovered_one_is_the_same_key()
    {
        var (key, vault, canary) = await ProvedAsync();

        stand.Admin.DeleteKey(vault, "acme");
        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyNotFound");

        stand.Admin.RecoverKey(vault, "acme");
        await ShouldBe(key, canary, KeyVerdict.Usable, "Proved");
    }

    [Fact]
    public async Task A_role_that_never_was_is_awaited_and_one_that_was_taken_away_is_a_revocation()
    {
        var key = NewKey(out var vault, hasRole: false);
        await ShouldBe(key, null, KeyVerdict.Unknown, "RolePending");

        Give(vault, Role);
        var proof = await ProveAsync(key);
        proof.Verdict.ShouldBe(KeyVerdict.Usable, proof.Message);

        stand.Admin.RemoveRole(App, Role);
        var refused = await ProveAsync(key, proof.Canary);
        (refused.Verdict, refused.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"));
        refused.MissingActions.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("Key Vault Crypto Officer")]
    [InlineData("Key Vault Crypto User")]
    public async Task A_role_that_allows_more_than_wrapping_is_flagged(string role)
    {
        var key = NewKey(out var vault, hasRole: false);
        Give(vault, role);

        var proof = await ProveAsync(key);

        proof.Verdict.ShouldBe(KeyVerdict.Usable);
        proof.ExcessActions.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_rotated_key_goes_on_being_known_after_its_first_version_is_off()
    {
        var (key, vault, first) = await ProvedAsync();
        var old = stand.Admin.LatestVersion(vault, "acme");

        var current = stand.Admin.RotateKey(vault, "acme");
        var rotated = await ProveAsync(key, first);
        rotated.Version.ShouldBe(current);
        rotated.Canary!.Ciphertext.ToArray().ShouldBe(first.Ciphertext.ToArray());
        rotated.Canary.Successor.ShouldNotBeNull().MaterialId.ShouldBe(current);

        stand.Admin.SetKeyEnabled(vault, "acme", false, old);
        await ShouldBe(key, rotated.Canary, KeyVerdict.Usable, "Proved");
        await ShouldBe(key, first, KeyVerdict.Revoked, "CanaryVersionDisabled");
    }

    [Fact]
    public async Task A_held_version_is_used_whatever_came_after_it()
    {
        var (key, vault, first) = await ProvedAsync();
        stand.Admin.RotateKey(vault, "acme");

        var held = await ProveAsync(key with { Id = $"{key.Id}/{first.MaterialId}" }, first);

        held.Version.ShouldBe(first.MaterialId);
        held.Canary!.Successor.ShouldBeNull();
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_no_key()
    {
        var key = NewKey(out _);

        await ShouldBe(key with { Id = key.Id + "/00000000000000000000000000000000" }, null, KeyVerdict.Revoked,
            "KeyNotFound");
    }

    [Fact]
    public async Task A_vault_without_purge_protection_is_refused_before_anything_stands_under_its_key()
    {
        var vault = stand.Name("open");
        stand.Admin.CreateVault(vault, purgeProtection: false);

        await ShouldBe(KeyIn(vault), null, KeyVerdict.Revoked, "VaultNotProtected");
    }

    [Fact]
    public async Task An_expired_key_is_revoked()
    {
        var (key, vault, canary) = await ProvedAsync();

        stand.Admin.SetKeyExpiry(vault, "acme", stand.Admin.Now.AddSeconds(-1));

        await ShouldBe(key, canary, KeyVerdict.Revoked, "KeyExpired");
    }

    [Fact]
    public async Task An_application_that_the_tenant_removed_is_a_revocation()
    {
        var tenant = Guid.NewGuid().ToString();
        stand.Admin.AddTenant(tenant);
        var key = NewKey(out _) with { Tenancy = new KeyTenancy(tenant, LocalCloudAzure.AppClientId) };

        await ShouldBe(key, null, KeyVerdict.Revoked, "ApplicationNotInstalled");
        await ShouldBe(key with { Tenancy = new KeyTenancy(Guid.NewGuid().ToString(), LocalCloudAzure.AppClientId) },
            null, KeyVerdict.Revoked, "DirectoryNotFound");
    }

    [Fact]
    public async Task A_vault_of_another_directory_can_not_be_asked()
    {
        var vault = stand.Name("ours");
        stand.Admin.CreateVault(vault, subscription: LocalCloudAzure.PlatformSubscription);

        await ShouldBe(KeyIn(vault), null, KeyVerdict.Unknown, "WrongDirectory");
    }

    [Fact]
    public async Task A_vault_that_nobody_has_a_closed_network_and_a_silent_vault_say_nothing_of_the_key()
    {
        var (key, vault, canary) = await ProvedAsync();
        await ShouldBe(key with { Id = key.Id.Replace(vault, "misspelt", StringComparison.Ordinal) }, canary,
            KeyVerdict.Unknown, "VaultNameUnknown");

        stand.Admin.SetVaultFirewall(vault, denies: true);
        await ShouldBe(key, canary, KeyVerdict.Unknown, "VaultNetworkClosed");
        stand.Admin.SetVaultFirewall(vault, denies: false);

        var fault = stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "keyvault", Account = vault });
        await ShouldBe(key, canary, KeyVerdict.Unknown, "Throttled");
        stand.Server.Admin.RemoveFault(fault);
    }

    [Fact]
    public async Task Entra_down_leaves_the_key_unknown()
    {
        var (key, _, canary) = await ProvedAsync();
        using var fresh = stand.NewCloud();
        stand.Admin.SetUnreachable("entra", true);
        try
        {
            var proof = await fresh.Keys.ProveAsync(key, Context, canary, CancellationToken.None);

            (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "EntraUnreachable"));
        }
        finally
        {
            stand.Admin.SetUnreachable("entra", false);
        }
    }

    [Fact]
    public async Task A_description_says_what_the_vault_says()
    {
        var key = NewKey(out var vault);

        var told = await stand.Cloud.Keys.DescribeAsync(key, CancellationToken.None);

        told.ShouldBe(new KeyDescription(stand.Admin.LatestVersion(vault, "acme"), null));
    }

    [Fact]
    public void The_tenants_steps_name_its_own_vault_key_application_and_directory()
    {
        var key = NewKey(out var vault);

        var documents = stand.Cloud.Policies.Documents(key);

        documents.Keys.ShouldBe(["azure-cli.sh", "azure-powershell.ps1", "azure.bicep"]);
        foreach (var text in documents.Values)
        {
            text.ShouldContain(vault);
            text.ShouldContain("acme");
            text.ShouldContain(LocalCloudAzure.AppClientId);
            text.ShouldContain(LocalCloudAzure.Tenant);
            text.ShouldContain("Crypto Service Encryption User");
            text.ShouldNotContain("Officer");
        }
    }

    private string App => stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;

    private KeyRef NewKey(out string vault, bool hasRole = true)
    {
        vault = stand.Name("acme-vault");
        stand.Admin.CreateVault(vault);
        return KeyIn(vault, hasRole);
    }

    private KeyRef KeyIn(string vault, bool hasRole = true)
    {
        stand.Admin.CreateKey(vault, "acme");
        if (hasRole)
        {
            Give(vault, Role);
        }

        return new KeyRef(KeyRef.AnyRegion, $"https://{vault}.vault.azure.net/keys/acme")
        {
            Cloud = CloudKind.Azure,
            Tenancy = new KeyTenancy(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId),
        };
    }

    private void Give(string vault, string role) =>
        stand.Admin.AddRole(App, role, $"{stand.Admin.VaultId(vault)}/keys/acme");

    private async Task<(KeyRef Key, string Vault, Canary Canary)> ProvedAsync()
    {
        var key = NewKey(out var vault);
        return (key, vault, (await ProveAsync(key)).Canary!);
    }

    private Task<KeyProof> ProveAsync(KeyRef key, Canary? stored = null) =>
        stand.Cloud.Keys.ProveAsync(key, stored?.Context ?? Context, stored, CancellationToken.None);

    private async Task ShouldBe(KeyRef key, Canary? stored, KeyVerdict verdict, string reason)
    {
        var proof = await ProveAsync(key, stored);
        (proof.Verdict, proof.Reason).ShouldBe((verdict, reason), proof.Message);
        proof.Canary.ShouldBe(verdict == KeyVerdict.Usable ? proof.Canary : stored);
    }
}
