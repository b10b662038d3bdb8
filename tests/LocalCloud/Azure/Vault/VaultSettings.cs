namespace LocalCloud.Azure.Vault;

/// <summary>What ARM may change of a vault.</summary>
internal sealed record VaultSettings
{
    public const int DefaultRetentionDays = 90;

    public bool IsPremium { get; init; }

    /// <summary>Roles decide, not access policies.</summary>
    public bool UsesRoles { get; init; } = true;

    /// <summary>Always on for vaults made today; a test may want an old one.</summary>
    public bool SoftDelete { get; init; } = true;

    /// <summary>Never off again.</summary>
    public bool PurgeProtection { get; init; }

    public int RetentionDays { get; init; } = DefaultRetentionDays;

    public bool PublicAccess { get; init; } = true;

    /// <summary>The firewall lets in only whom it names.</summary>
    public bool DeniesByDefault { get; init; }

    /// <summary>Storage comes through the firewall.</summary>
    public bool BypassesTrusted { get; init; } = true;

    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    public IReadOnlyList<AccessPolicy> Policies { get; init; } = [];
}
