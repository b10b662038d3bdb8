using Kube.Core;

namespace ByokOperator.Api;

/// <summary>For people: nothing reads it back to decide.</summary>
public sealed record EncryptedStoreStatus
{
    public long? ObservedGeneration { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = [.. (value ?? []).OfType<Condition>()]; } = [];

    public StoreLocation? Location { get; init; }

    /// <summary>The full id of the key that the store is encrypted under.</summary>
    public string? ActiveKey { get; init; }

    /// <summary><c>Open</c>, <c>Closing</c> (it has to be shut, and nobody saw yet that it is) or <c>Closed</c>; absent until the store was first opened.</summary>
    public string? Availability { get; init; }

    public MigrationProgress? Migration { get; init; }

    public IReadOnlyList<CensusEntry>? Census { get; init; }

    public DateTimeOffset? ClosedSince { get; init; }

    public string? ClosedReason { get; init; }

    public DateTimeOffset? LastReportTime { get; init; }

    public string? LastHandledReconcileAt { get; init; }
}
