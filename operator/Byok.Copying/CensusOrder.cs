using Cloud.Stores;

namespace Byok.Copying;

/// <summary>A store to count: all of it but our own marks,
/// for workloads may write beside the prefix that was moved.</summary>
/// <param name="Store">The bucket, or the account's container.</param>
/// <param name="Fingerprint">The run whose manifest tells the key of what it wrote;
/// null when nothing was migrated.</param>
/// <param name="Shards">Of that run.</param>
public sealed record CensusOrder(StoreRef Store, string? Fingerprint, int Shards)
{
    /// <summary>The key that everything in the store is under, whatever it was copied under;
    /// null where each object has a key of its own.</summary>
    public string? RootKey { get; init; }
}
