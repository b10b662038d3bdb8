namespace CloudStories;

/// <summary>The stories on Key Vault and Storage. It adds none: what only one cloud has is told elsewhere.</summary>
public sealed class AzureStories : TenantStories
{
    private protected override ICloudScene NewScene() => new AzureScene();
}
