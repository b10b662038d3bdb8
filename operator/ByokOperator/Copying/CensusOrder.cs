using Cloud.Stores;

namespace ByokOperator.Copying;

/// <summary>Whose objects to count.</summary>
/// <param name="Prefix">May be empty: everything in the store but our own marks.</param>
/// <param name="Fingerprint">The run whose manifest tells the key of what it wrote; null when nothing was migrated.</param>
internal sealed record CensusOrder(StoreRef Store, string Prefix, string? Fingerprint, int Shards)
{
    /// <summary>The key that everything in the store is under, whatever it was copied under; null where each object has a key of its own.</summary>
    public string? RootKey { get; init; }
}
