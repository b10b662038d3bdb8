using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record TenantEncryptionKeySpec
{
    /// <summary><c>Standby</c> (validated, not used), <c>Active</c>, <c>Archived</c> (kept for the stores that use it,
    /// open to no new one) or <c>Revoked</c> (closes every store that uses it).</summary>
    public string State { get; init => field = value ?? KeyStates.Active; } = KeyStates.Active;

    public KeyRevocation Revocation { get; init => field = value ?? new(); } = new();

    public KeyRotation Rotation { get; init => field = value ?? new(); } = new();

    /// <summary>Keys in the tenant's own AWS KMS, one per region.</summary>
    public AwsKmsSource? AwsKms { get; init; }

    /// <summary>A key in the tenant's own vault.</summary>
    public AzureKeyVaultSource? AzureKeyVault { get; init; }

    /// <summary>A key of the tenant's, imported into keys of the platform's.</summary>
    public ImportedSource? Imported { get; init; }

    /// <summary>The regions that this key has, or is to have, a key for.</summary>
    internal IEnumerable<string> Regions() =>
        AwsKms?.Keys.Select(key => key.Region)
            ?? (AzureKeyVault is null ? Imported?.Regions() : [AzureKeyVaultSource.AnyRegion]) ?? [];

    /// <summary>A rotation waits for somebody's word. A version that the spec names is held anyway.</summary>
    internal bool ConfirmsVersions =>
        AwaitsConfirmation
            || (Rotation.Confirmation == KeyRotation.Manual && (AwsKms is not null || Imported is { Aws: not null }));

    /// <summary>A vault's new versions wait for somebody's word, and the one before is held meanwhile.</summary>
    internal bool AwaitsConfirmation => Rotation.Confirmation == KeyRotation.Manual
        && (AzureKeyVault is { KeyVersion: null or "" } || Imported is { Azure: not null });

    /// <summary>Only our own record says under which version of its vault's key data may stand: in a vault of the
    /// platform's nothing but what was imported is ever used.</summary>
    internal bool HoldsVersion => AwaitsConfirmation || Imported is { Azure: not null };

    /// <summary>The name of the field that says where the key comes from; several where too much is named.</summary>
    internal IReadOnlyList<string> Sources() =>
    [
        .. AwsKms is null ? Array.Empty<string>() : ["spec.awsKms"],
        .. AzureKeyVault is null ? Array.Empty<string>() : ["spec.azureKeyVault"],
        .. Imported is null ? Array.Empty<string>() : ["spec.imported"],
    ];
}

/// <summary>One region's key, by its full key ARN: an alias would be resolved in the caller's account.</summary>
public sealed record AwsKmsKey
{
    public string Region { get; init => field = value ?? ""; } = "";

    public string Arn { get; init => field = value ?? ""; } = "";
}

public sealed record AwsKmsSource
{
    public IReadOnlyList<AwsKmsKey> Keys { get; init => field = Entries.Of(value); } = [];
}

/// <summary>The values of <c>spec.state</c>.</summary>
public static class KeyStates
{
    public const string Standby = "Standby";
    public const string Active = "Active";
    public const string Archived = "Archived";
    public const string Revoked = "Revoked";
}

/// <summary>Whether stores follow a rotation of the key by themselves.</summary>
public sealed record KeyRotation
{
    public const string Automatic = "Automatic";
    public const string Manual = "Manual";
    public const string Pause = "Pause";
    public const string Continue = "Continue";

    public string Confirmation { get; init => field = value ?? Automatic; } = Automatic;

    /// <summary>With <see cref="Manual"/>: the version that stores may go under. Left out,
    /// it is the one that the key was first proved with.</summary>
    public string? ConfirmedVersion { get; init; }

    /// <summary>With <see cref="Manual"/>: <see cref="Pause"/> suspends the stores' workloads while a version waits,
    /// <see cref="Continue"/> warns only.</summary>
    public string WhileUnconfirmed { get; init => field = value ?? Pause; } = Pause;
}
