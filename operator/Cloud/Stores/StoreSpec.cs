using Cloud.Keys;

namespace Cloud.Stores;

/// <summary>What a dedicated store must be. Its encryption is always the tenant's key, by full id;
/// there is no other kind.</summary>
/// <param name="Owner">Goes on the ownership tag; destructive calls check it (law 6). Unique for the store object:
/// its UID.</param>
/// <param name="Versioned">Mirrors the source: versions are kept where the source keeps them.</param>
public sealed record StoreSpec(StoreRef Store, string Owner, KeyRef Key, bool BucketKey, bool Versioned)
{
    /// <summary>What the tag says beside the owner; null where nobody is to find it again by that.</summary>
    public StoreOwner? Names { get; init; }

    /// <summary>
    /// Of which earlier object of the same names this owner may take the place back: the uid that its names are made
    /// of. Such a place is <see cref="StoreOwnership.Earlier"/>. Empty: of any; null: of none.
    /// </summary>
    public string? Takes { get; init; }

    /// <summary>
    /// Other keys that a write may name for now, while the store goes from one to another; a write that names none gets
    /// <see cref="Key"/>. Where a request can't name a key there is nothing to admit.
    /// </summary>
    public IReadOnlyList<KeyRef> Admits { get; init; } = [];

    /// <summary>Who uses the data beside the operator; null where nobody can tell:
    /// then what was given stays as it is.</summary>
    public DataPrincipal? Workloads { get; init; }

    /// <summary>What roles and fences in the cloud are named after:
    /// it stays the same when the place is taken back.</summary>
    public string Identity => Names?.Origin ?? Owner;
}

/// <summary>Whose a store is, in words that outlive its object's UID.</summary>
/// <param name="Origin">Uid of the first object that it was made for, which names are made of;
/// null where that is the owner itself.</param>
public sealed record StoreOwner(string Tenant, string Namespace, string Name, string? Origin);

/// <summary>A place of ours whose object is gone, as its tag tells.</summary>
/// <param name="Place">The bucket, or <c>account/container</c>.</param>
/// <param name="Origin">The uid that its names are made of: what consent to take it back names.</param>
public sealed record EarlierStore(string Place, string Region, string Origin)
{
    /// <summary>It bears the asking store's own uid, under another name than it asks about.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>Where to look for earlier places.</summary>
/// <param name="Prefix">What derived names of buckets and accounts begin with.</param>
/// <param name="IsKnown">Of a bucket or an account: records speak of it, so whose it is is known.</param>
public sealed record StoreSearch(string Prefix, Func<string, bool> IsKnown);
