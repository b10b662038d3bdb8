using ByokOperator.Api;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;

namespace CloudStories;

/// <summary>Keys that tenants hand over, in a vault of the platform's.</summary>
internal sealed partial class AzureScene
{
    /// <summary>The platform's own vault, for keys that tenants hand over.</summary>
    public AzureImport MakePlatformVault()
    {
        Admin.CreateVault(PlatformVault, subscription: LocalCloudAzure.PlatformSubscription);
        Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer", Admin.VaultId(PlatformVault));
        return new AzureImport { VaultUri = $"https://{PlatformVault}.vault.azure.net", KeyName = Key };
    }

    /// <summary>The role that a scene gives on that vault.</summary>
    public void TakeOfficerAway() =>
        Admin.RemoveRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer").ShouldBe(1);

    /// <summary>Of each version of the key that was handed over.</summary>
    public IReadOnlyList<bool> SwitchesOfImported => Admin.SwitchesOf(PlatformVault, Key);

    /// <summary>Whole, of the newest one.</summary>
    public string ImportedVersion(AzureImport place) =>
        $"{place.VaultUri}/keys/{place.KeyName}/{Admin.LatestVersion(PlatformVault, Key)}";

    /// <summary>The version is made, and nobody hears of it.</summary>
    public void LoseAnswerOfImport(int count) => stage!.Cloud.Admin.AddFault(
        new FaultRule(new FaultEffect.LoseAnswer())
        {
            Service = "keyvault", Operation = "ImportKey", Count = count,
        });

    public void SwitchImported(bool on) => Admin.SetKeyEnabled(PlatformVault, Key, on);
}
