namespace ByokOperator.Api;

public sealed record TenantEncryptionKeySpec
{
    /// <summary><c>Standby</c> (validated, not used), <c>Active</c>, or <c>Revoked</c> (closes every store that uses it).</summary>
    public string State { get; init => field = value ?? KeyStates.Active; } = KeyStates.Active;

    public KeyRevocation Revocation { get; init => field = value ?? new(); } = new();

    /// <summary>Keys in the tenant's own AWS KMS, one per region.</summary>
    public AwsKmsSource? AwsKms { get; init; }
}
