namespace LocalCloud.Azure.Admin;

/// <summary>The body of any admin request to Azure: each path reads the fields it needs.</summary>
public sealed record AzureOrder
{
    public string? Name { get; init; }

    public string? ClientId { get; init; }

    public string? Tenant { get; init; }

    public string? Subscription { get; init; }

    public string? ResourceId { get; init; }

    public string? Secret { get; init; }

    public string? Principal { get; init; }

    public string? Role { get; init; }

    public string? Scope { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public string? Audience { get; init; }

    public string? KeySet { get; init; }

    public string? Vault { get; init; }

    public string? Key { get; init; }

    public string? Version { get; init; }

    public string? Account { get; init; }

    public string? Container { get; init; }

    public string? Prefix { get; init; }

    public string? Kind { get; init; }

    public string? Type { get; init; }

    public string? Location { get; init; }

    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>All that is unreachable from now on.</summary>
    public IReadOnlyList<string>? Unreachable { get; init; }

    public bool? Enabled { get; init; }

    public bool? Deleted { get; init; }

    public bool? MultiTenant { get; init; }

    public bool? PurgeProtection { get; init; }

    public bool? UsesRoles { get; init; }

    public bool? Premium { get; init; }

    public bool? Denies { get; init; }

    public bool? Trusted { get; init; }

    public bool? StatusDocuments { get; init; }

    public double? RoleLagSeconds { get; init; }

    public double? KeyLagSeconds { get; init; }

    public double? OperationSeconds { get; init; }

    public double? CopySeconds { get; init; }

    public double? TokenSeconds { get; init; }

    /// <summary>From now on the cloud's clock.</summary>
    public double? ExpiresInSeconds { get; init; }

    public long Size { get; init; }

    public int Count { get; init; }

    public int Seed { get; init; }
}
