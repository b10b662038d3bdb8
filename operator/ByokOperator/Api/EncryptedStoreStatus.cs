using Kube.Core;

namespace ByokOperator.Api;

/// <summary>For people: nothing reads it back to decide.</summary>
public sealed record EncryptedStoreStatus
{
    public long? ObservedGeneration { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = [.. (value ?? []).OfType<Condition>()]; } = [];

    public StoreLocation? Location { get; init; }

    /// <summary>The full id of the key that the store's default is on.</summary>
    public string? ActiveKey { get; init; }

    /// <summary>The name of the key that the spec asks for instead; absent where it asks for no other.</summary>
    public string? PendingKey { get; init; }

    /// <summary>Every key that objects stand under; absent where that is <see cref="ActiveKey"/> alone. Each has to be
    /// usable for the store to be open.</summary>
    public IReadOnlyList<PinnedKeyStatus>? PinnedKeys { get; init; }

    /// <summary><c>Open</c>, <c>Closing</c> (it has to be shut, and nobody saw yet that it is) or <c>Closed</c>; absent
    /// until the store was first opened.</summary>
    public string? Availability { get; init; }

    public MigrationProgress? Migration { get; init; }

    /// <summary>Of the last change of key that put objects under the new one.</summary>
    public ReencryptionProgress? Reencryption { get; init; }

    /// <summary>With <c>migration.mode: Plan</c>.</summary>
    public MovePlan? Plan { get; init; }

    public IReadOnlyList<CensusEntry>? Census { get; init; }

    public DateTimeOffset? ClosedSince { get; init; }

    public string? ClosedReason { get; init; }

    public DateTimeOffset? LastReportTime { get; init; }

    public string? LastHandledReconcileAt { get; init; }
}

/// <summary>How much stands under one key, all versions counted.</summary>
public sealed record CensusEntry
{
    /// <summary>Full key id, or <c>none</c> for what is not under a key of the tenant.</summary>
    public string Key { get; init => field = value ?? ""; } = "";

    public long Objects { get; init; }

    public long Bytes { get; init; }
}

/// <summary>A key that objects of a store stand under.</summary>
/// <param name="Name">Of its TenantEncryptionKey.</param>
/// <param name="Id">The full id of the key in its service.</param>
public sealed record PinnedKeyStatus(string Name, string Id);

public sealed record StoreLocation
{
    public string Cloud { get; init => field = value ?? ""; } = "";

    public string Region { get; init => field = value ?? ""; } = "";

    public string Bucket { get; init => field = value ?? ""; } = "";

    public string Prefix { get; init => field = value ?? ""; } = "";
}
