namespace LocalCloud.Faults;

/// <summary>What befalls which requests.</summary>
public sealed record FaultRule : FaultScope
{
    public const string KmsViaS3 = "kms-via-s3";
    public const string KeyVaultViaStorage = "keyvault-via-storage";

    public FaultRule(FaultEffect effect) => Effect = effect;

    internal FaultRule(FaultScope scope, FaultEffect effect)
        : base(scope) => Effect = effect;

    public FaultEffect Effect { get; }

    /// <summary>How long from now on the cloud's clock; null: until removed.</summary>
    public TimeSpan? For { get; init; }
}
