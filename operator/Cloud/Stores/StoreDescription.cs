namespace Cloud.Stores;

/// <summary>What stands there, compared with the spec on the aspects we own and no others (law 8).</summary>
/// <param name="Drift">Owned aspects that differ, such as <c>Encryption</c>, <c>PublicAccessBlock</c>, <c>Policy</c>;
/// empty when prepared.</param>
/// <param name="IsDenied">Whether the closing statement stands: nobody but the operator's role gets in. Told of an
/// unmarked and a forbidden store too.</param>
/// <param name="ObservedKeyId">The default encryption key as the store tells it; null for none or another kind.</param>
public sealed record StoreDescription(
    StoreOwnership Ownership,
    IReadOnlyList<string> Drift,
    bool IsDenied,
    string? ObservedKeyId,
    IReadOnlyDictionary<string, string> Observed,
    IReadOnlyList<CallRecord> Evidence)
{
    /// <summary>As <see cref="IObjectStores.ReadPinAsync"/> tells it, where the look came by it.</summary>
    public string? Pin { get; init; }

    /// <summary>As <see cref="DenialLook.SettlesAt"/>.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    /// <summary>
    /// The version of the key that everything in the store stands under at this moment, by its full id, where the store
    /// is wrapped as a whole; null where each object has a key of its own.
    /// </summary>
    public string? CurrentKeyVersion { get; init; }

    /// <summary>Earlier versions of an object may stand beside the newest: versions are kept, or were once.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>Of a denied store whose cloud shuts the operator's listings out too: whether nothing is in it.
    /// Null where listing tells.</summary>
    public bool? IsEmpty { get; init; }
}
