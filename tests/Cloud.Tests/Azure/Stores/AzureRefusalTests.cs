using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

/// <summary>What somebody has to do about a store that Azure does not make,
/// each told as a sentence with the mend.</summary>
public sealed class AzureRefusalTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    [Fact]
    public async Task A_vault_without_purge_protection_is_named() =>
        (await RefusedAsync(world.NewSpec(purgeProtection: false)))
            .ShouldBe(("KeyVaultPolicyError", "purge protection"));

    [Fact]
    public async Task An_identity_without_a_role_is_waited_for()
    {
        var spec = world.NewSpec(hasRole: false);
        (await RefusedAsync(spec))
            .ShouldBe(("KeyVaultAuthenticationFailure", "Key Vault Crypto Service Encryption User"));
        stand.Admin.AddRole(
            stand.Admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", stand.Admin.VaultId(new Uri(spec.Key.Id).Host.Split('.')[0]));

        await stand.Cloud.Stores.PrepareAsync(spec, None);

        (await stand.Cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_misspelt_vault_is_named() =>
        (await RefusedAsync(Under(world.NewSpec(), "https://nobody-has-it.vault.azure.net/keys/acme")))
            .ShouldBe(("KeyVaultVaultNotFound", "vaultUri"));

    [Fact]
    public async Task A_key_that_is_not_there_is_named()
    {
        var spec = world.NewSpec();
        (await RefusedAsync(Under(spec, spec.Key.Id + "x")))
            .ShouldBe(("KeyVaultEncryptionKeyNotFound", "the key or its version is not there"));
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_named()
    {
        var spec = world.NewSpec();
        (await RefusedAsync(Under(spec, spec.Key.Id + "/00000000000000000000000000000000")))
            .ShouldBe(("KeyVaultEncryptionKeyNotFound", "version"));
    }

    [Fact]
    public async Task An_id_that_is_no_keys_is_refused_before_anything_is_asked() =>
        (await RefusedAsync(Under(world.NewSpec(), "arn:aws:kms:eu-west-1:111122223333:key/a")))
            .ShouldBe(("KeyIdInvalid", "https://VAULT.vault.azure.net/keys/NAME"));

    [Fact]
    public async Task An_application_that_is_not_installed_is_named()
    {
        var client = Guid.NewGuid().ToString();
        stand.Admin.AddApp(client, LocalCloudAzure.PlatformTenant, "secret", multiTenant: true);
        var spec = world.NewSpec();
        (await RefusedAsync(
            spec with { Key = spec.Key with { Tenancy = new KeyTenancy(LocalCloudAzure.Tenant, client) } }))
            .ShouldBe(("GatewayAuthenticationFailed", "az ad sp create --id"));
    }

    [Fact]
    public async Task A_location_that_is_none_is_named()
    {
        var spec = world.NewSpec();
        (await RefusedAsync(spec with { Store = spec.Store with { Region = "atlantis" } }))
            .ShouldBe(("LocationNotAvailableForResourceType", "spec.azure.location"));
    }

    [Fact]
    public async Task A_location_that_the_subscription_may_not_use_is_named()
    {
        stand.Admin.ForbidLocation(LocalCloudAzure.PlatformSubscription, "northeurope");
        var spec = world.NewSpec();
        (await RefusedAsync(spec with { Store = spec.Store with { Region = "northeurope" } }))
            .ShouldBe(("RequestDisallowedByAzure", "may not use northeurope"));
    }

    [Fact]
    public async Task A_policy_that_denies_is_no_end_the_store_is_made_once_it_is_gone()
    {
        var spec = world.NewSpec() with { };
        spec = spec with { Store = spec.Store with { Region = "uksouth" } };
        stand.Admin.DenyByPolicy("no-storage", "Microsoft.Storage/storageAccounts", "uksouth");
        (await RefusedAsync(spec)).ShouldBe(("RequestDisallowedByPolicy", "it is tried again"));
        stand.Admin.RemovePolicy("no-storage");

        await stand.Cloud.Stores.PrepareAsync(spec, None);
    }

    [Fact]
    public async Task A_resource_group_that_is_not_there_is_named()
    {
        var spec = world.NewSpec();
        (await RefusedAsync(
            spec with { Store = spec.Store with { Scope = $"{LocalCloudAzure.PlatformSubscription}/nowhere" } }))
                .ShouldBe(("ResourceGroupNotFound", "nowhere"));
    }

    [Fact]
    public async Task A_name_of_more_than_24_characters_is_refused() =>
        (await RefusedAsync(world.Spec(world.NewSpec().Key, "acmebackupsacmebackupsacmebackups")))
            .ShouldBe(("AccountNameInvalid", "3 to 24"));

    [Fact]
    public async Task Without_an_identity_of_ours_nothing_is_made()
    {
        using var cloud = stand.NewCloud(change: options => options with { IdentityResourceId = null });
        var refused = await Should.ThrowAsync<CloudException>(() => cloud.Stores.PrepareAsync(world.NewSpec(), None));
        refused.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe("IdentityNotSet");
    }

    [Fact]
    public async Task An_identity_that_is_not_there_is_named()
    {
        using var cloud = stand.NewCloud(change: options =>
            options with { IdentityResourceId = LocalCloudAzure.IdentityResourceId + "-misspelt" });
        var refused = await Should.ThrowAsync<CloudException>(() => cloud.Stores.PrepareAsync(world.NewSpec(), None));
        refused.Problem.Message.ShouldContain("BYOK_AZURE_IDENTITY_RESOURCE_ID");
    }

    /// <summary>The code, and the part of the message that was looked for (the
    /// whole message where it is not in it).</summary>
    private async Task<Refusal> RefusedAsync(StoreSpec spec)
    {
        var refused = await Should.ThrowAsync<CloudException>(() => stand.Cloud.Stores.PrepareAsync(spec, None));
        return new Refusal(refused.Problem.Code, refused.Problem.Message);
    }

    private static StoreSpec Under(StoreSpec spec, string key) => spec with { Key = spec.Key with { Id = key } };

    private sealed record Refusal(string Code, string Message)
    {
        public void ShouldBe((string Code, string Part) wanted)
        {
            Code.ShouldBe(wanted.Code);
            Message.ShouldContain(wanted.Part);
        }
    }
}
