using ByokOperator.Api;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What becomes of a key that a tenant keeps in its own Azure vault.</summary>
public sealed class VaultKeyStories
{
    [Fact]
    public async Task A_key_waits_for_its_role_and_follows_its_vault()
    {
        await using var tenant = await VaultTenant.MoveInAsync();
        await tenant.ApplyAsync();
        var waiting = await tenant.UntilAsync("Unknown", "KeyUsable", "RolePending");
        waiting.Status!.RevokedSince.ShouldBeNull();

        tenant.GiveRole();
        var ready = await tenant.UntilReadyAsync();
        ready.Status!.Verdict.ShouldBe("Usable");
        ready.Status.Source.ShouldBe("AzureKeyVault");
        var entry = ready.Status.Keys!.ShouldHaveSingleItem();
        (entry.Region, entry.Id,
            entry.Version).ShouldBe(
                ("global", "https://contoso-keys.vault.azure.net/keys/contoso",
                    tenant.Azure.LatestVersion(VaultTenant.Vault, VaultTenant.Key)));
        (await tenant.MapAsync("key-policy")).Data!.Keys
            .ShouldBe(["azure-cli.sh", "azure-powershell.ps1", "azure.bicep"], ignoreOrder: true);

        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, false);
        (await tenant.UntilAsync("Revoked", "KeyUsable", "KeyDisabled")).Status!.RevokedSince.ShouldNotBeNull();

        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, true);
        (await tenant.UntilReadyAsync()).Status!.RevokedSince.ShouldBeNull();

        tenant.TakeRole();
        await tenant.UntilAsync("Revoked", "KeyUsable", "AccessDenied");
    }

    [Fact]
    public async Task A_vault_keys_expiry_is_told_while_there_is_time()
    {
        await using var tenant = await VaultTenant.MoveInAsync(azure =>
            azure.SetKeyExpiry(VaultTenant.Vault, VaultTenant.Key, azure.Now.AddDays(5)));
        tenant.GiveRole();
        await tenant.ApplyAsync();
        var warned = await tenant.UntilAsync("Usable", "MaterialExpiring", "WithinSevenDays");
        warned.Status!.MaterialExpiresAt.ShouldNotBeNull()
            .ShouldBe(tenant.Azure.Now.AddDays(5), TimeSpan.FromMinutes(5));
        warned.Status.Conditions.First(one => one.Type == "Ready").Status.ShouldBe("True");
    }

    [Fact]
    public async Task Another_key_under_the_same_name_never_passes_for_the_first()
    {
        await using var tenant = await VaultTenant.MoveInAsync();
        tenant.GiveRole();
        await tenant.ApplyAsync();
        await tenant.UntilReadyAsync();

        tenant.Azure.RemoveKey(VaultTenant.Vault, VaultTenant.Key);
        tenant.Azure.CreateKey(VaultTenant.Vault, VaultTenant.Key);

        var replaced = await tenant.UntilAsync("Revoked", "KeyUsable", "KeyReplaced");
        replaced.Status!.Conditions.ShouldContain(one => one.Type == "Stalled" && one.Status == "True");
    }

    [Fact]
    public async Task Entra_down_is_held_as_unknown_and_counts_as_revoked_when_it_lasts()
    {
        // Tokens of a few seconds: an hour's would prove the key for the rest of the hour, as it should.
        await using var tenant = await VaultTenant.MoveInAsync(azure => azure.TokenLifetime = TimeSpan.FromSeconds(3));
        tenant.GiveRole();
        await tenant.ApplyAsync(maxStaleness: "10s");
        await tenant.UntilReadyAsync();

        tenant.Azure.SetUnreachable("entra", true);
        var unknown = await tenant.UntilAsync("Unknown", "KeyUsable", "EntraUnreachable");
        unknown.Status!.UnknownSince.ShouldNotBeNull();
        unknown.Status.RevokedSince.ShouldBeNull();

        var lasting = await tenant.UntilAsync(key => key.Status!.Verdict == "Revoked");
        lasting.Status!.RevokedSince.ShouldNotBeNull();

        tenant.Azure.SetUnreachable("entra", false);
        var back = await tenant.UntilReadyAsync();
        back.Status!.UnknownSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_rotated_key_is_still_the_same_key_after_its_first_version_is_switched_off()
    {
        await using var tenant = await VaultTenant.MoveInAsync();
        tenant.GiveRole();
        await tenant.ApplyAsync();
        await tenant.UntilReadyAsync();
        var first = tenant.Azure.LatestVersion(VaultTenant.Vault, VaultTenant.Key);

        var second = tenant.Azure.RotateKey(VaultTenant.Vault, VaultTenant.Key);
        await tenant.UntilAsync(key => key.Status!.Keys![0].Version == second);
        await tenant.UntilReadyAsync();
        (await tenant.RecordAsync()).ShouldContain(second);

        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, false, first);
        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, false, second);
        await tenant.UntilAsync("Revoked", "KeyUsable", "KeyDisabled");
        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, true, second);
        (await tenant.UntilReadyAsync()).Status!.Verdict.ShouldBe("Usable");
    }

    [Fact]
    public async Task A_new_version_waits_for_its_confirmation_where_that_is_asked_for()
    {
        await using var tenant = await VaultTenant.MoveInAsync();
        tenant.GiveRole();
        await tenant.ApplyAsync(Confirming(null));
        await tenant.UntilReadyAsync();
        var first = tenant.Azure.LatestVersion(VaultTenant.Vault, VaultTenant.Key);

        var second = tenant.Azure.RotateKey(VaultTenant.Vault, VaultTenant.Key);
        var waiting = await tenant.UntilAsync("Usable", "VersionConfirmed", "VersionNotConfirmed");
        waiting.Status!.Keys![0].Version.ShouldBe(first);
        waiting.Status.Conditions.First(one => one.Type == "VersionConfirmed").Message!.ShouldContain(second);

        await tenant.ApplyAsync(Confirming("00000000000000000000000000000000"));
        (await tenant.UntilAsync("Usable", "VersionConfirmed", "ConfirmedVersionUnknown")).Status!.Keys![0].Version
            .ShouldBe(first);

        await tenant.ApplyAsync(Confirming(second));
        await tenant.UntilAsync(key => key.Status!.Keys![0].Version == second);
        await tenant.UntilReadyAsync();
        (await tenant.RecordAsync()).ShouldContain(second);

        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, false, first);
        tenant.Azure.SetKeyEnabled(VaultTenant.Vault, VaultTenant.Key, false, second);
        await tenant.UntilAsync("Revoked", "KeyUsable", "KeyDisabled");
    }

    private static Func<TenantEncryptionKeySpec, TenantEncryptionKeySpec> Confirming(string? version) =>
        spec =>
            spec with { Rotation = new KeyRotation { Confirmation = KeyRotation.Manual, ConfirmedVersion = version } };

    [Fact]
    public async Task A_role_that_is_too_broad_is_told_and_holds_nothing_up()
    {
        await using var tenant = await VaultTenant.MoveInAsync();
        tenant.GiveRole("Key Vault Crypto Officer");
        await tenant.ApplyAsync();

        var ready = await tenant.UntilReadyAsync();

        ready.Status!.Conditions.ShouldContain(one => one.Type == "PolicyGranted" && one.Reason == "RoleTooBroad");
    }

    [Fact]
    public async Task A_vault_of_another_directory_is_told_with_the_mend()
    {
        await using var tenant =
            await VaultTenant.MoveInAsync(azure => azure.AddTenant("77777777-7777-4777-8777-777777777777"));
        tenant.Azure.InstallApp("77777777-7777-4777-8777-777777777777", LocalCloudAzure.AppClientId);
        await tenant.ApplyAsync(spec =>
            spec with
            {
                AzureKeyVault = spec.AzureKeyVault! with { TenantId = "77777777-7777-4777-8777-777777777777" },
            });

        var told = await tenant.UntilAsync("Unknown", "KeyUsable", "WrongDirectory");
        told.Status!.Conditions.First(one => one.Type == "KeyUsable").Message!.ShouldContain("tenantId");

        tenant.GiveRole();
        await tenant.ApplyAsync();
        await tenant.UntilReadyAsync();
    }
}
