namespace CloudStories;

/// <summary>The stories on KMS and S3. It adds none: what only one cloud has is told elsewhere.</summary>
public sealed class AwsStories : TenantStories
{
    private protected override ICloudScene NewScene() => new AwsScene();
}
