using Kube.Core;

namespace ByokOperator.Api;

/// <summary>For people: nothing reads it back to decide.</summary>
public sealed record TenantEncryptionKeyStatus
{
    public long? ObservedGeneration { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = [.. (value ?? []).OfType<Condition>()]; } = [];

    /// <summary><c>Usable</c>, <c>Revoked</c> or <c>Unknown</c>.</summary>
    public string? Verdict { get; init; }

    /// <summary>The last proof before this status was written; at rest it is not rewritten per probe.</summary>
    public DateTimeOffset? LastVerifiedTime { get; init; }

    public DateTimeOffset? UnknownSince { get; init; }

    public DateTimeOffset? RevokedSince { get; init; }

    public IReadOnlyList<RegionalKeyStatus>? Keys { get; init; }

    /// <summary><c>AwsKms</c>, <c>AzureKeyVault</c> or <c>Imported</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The earliest of the regions, of a key that the tenant keeps too;
    /// null where nothing is known to end by itself.</summary>
    public DateTimeOffset? MaterialExpiresAt { get; init; }

    /// <summary>Of an imported key: the generation of material that new data goes under in every region.</summary>
    public int? Generation { get; init; }

    /// <summary>Generations whose material is not there and has to be handed over again;
    /// null where none is missing.</summary>
    public IReadOnlyList<int>? MissingGenerations { get; init; }

    /// <summary>While a request of the import API is open.</summary>
    public ImportRequestStatus? ImportRequest { get; init; }

    /// <summary>How many stores use the key.</summary>
    public int? Stores { get; init; }

    public IReadOnlyList<KeyUser>? UsedBy { get; init; }

    public ConfigMapReference? RequiredPolicy { get; init; }

    public string? LastHandledReconcileAt { get; init; }
}

public sealed record ConfigMapReference
{
    public string ConfigMapName { get; init => field = value ?? ""; } = "";
}

/// <summary>An open import request: what its holder wraps with, and until when.
/// Its token is shown to its holder alone.</summary>
public sealed record ImportRequestStatus
{
    /// <summary>The part of the token before the full stop, which is no secret.</summary>
    public required string Id { get; init; }

    public required string PublicKey { get; init; }

    public required string Algorithm { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record RegionalKeyStatus
{
    public string Region { get; init => field = value ?? ""; } = "";

    public string Id { get; init => field = value ?? ""; } = "";

    public string? MaterialId { get; init; }

    /// <summary>The version that new data goes under, where keys have versions.</summary>
    public string? Version { get; init; }

    /// <summary>The key management service's own word, such as <c>Enabled</c>.</summary>
    public string? State { get; init; }

    /// <summary>Of an imported key, oldest first.</summary>
    public IReadOnlyList<MaterialStatus>? Materials { get; init; }
}
