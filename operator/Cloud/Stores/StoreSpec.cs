using Cloud.Keys;

namespace Cloud.Stores;

/// <summary>What a dedicated store must be. Its encryption is always the tenant's key, by full id; there is no other kind.</summary>
/// <param name="Owner">Goes on the ownership tag; destructive calls check it (law 6). Unique for the store object: its UID.</param>
/// <param name="Versioned">Mirrors the source: versions are kept where the source keeps them.</param>
public sealed record StoreSpec(StoreRef Store, string Owner, KeyRef Key, bool BucketKey, bool Versioned);
