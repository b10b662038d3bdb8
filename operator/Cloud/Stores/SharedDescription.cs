namespace Cloud.Stores;

/// <summary>The shared store as seen from one tenant's prefix.</summary>
/// <param name="IsEmpty">No version, no delete marker under the prefix.</param>
/// <param name="Fence">The token of the write fence that stands for this owner; null when writes are open.</param>
/// <param name="UnfinishedUploads">Multipart uploads under the prefix that nobody completed: not copied, reported.
/// Counted up to a page.</param>
public sealed record SharedDescription(
    bool Exists,
    bool IsVersioned,
    bool IsEmpty,
    string? Fence,
    int UnfinishedUploads,
    IReadOnlyList<CallRecord> Evidence)
{
    /// <summary>
    /// The token of a fence that is being raised and does not stand yet, where a cloud raises it piece by piece: some
    /// writers are refused already. Nothing may be decided behind it; lifted it is like one that stands.
    /// </summary>
    public string? RisingFence { get; init; }

    /// <summary>Since when that fence stands, or began to be raised, from what stands itself; null where it does not
    /// say so, and of one that is being lifted.</summary>
    public DateTimeOffset? FencedSince { get; init; }

    /// <summary>What is written over stands on as an earlier version: versions are kept now, not only once.</summary>
    public bool KeepsVersions { get; init; }

    /// <summary>How many days the place keeps what was deleted in it, to be brought back;
    /// null where it keeps nothing.</summary>
    public int? KeepsDeletedDays { get; init; }

    /// <summary>Why no write fence could be raised as things stand; null where nothing is known against it.</summary>
    public CloudProblem.Refused? FenceObstacle { get; init; }

    /// <summary>Why nothing can be moved from a place of this kind, whatever stands in it;
    /// null where nothing is known against it.</summary>
    public CloudProblem.Refused? Unfit { get; init; }
}

/// <summary>How a shared store encrypts what is written there without a word about it.</summary>
/// <param name="Algorithm">In the cloud's spelling, such as <c>aws:kms</c>.</param>
/// <param name="KeyId">As the store tells it, in whatever form; null where it names none.</param>
public sealed record SharedDefault(string Algorithm, string? KeyId, bool BucketKey)
{
    private const string Scope = "the encryption scope ";

    /// <summary>An encryption scope of Azure in place of an algorithm: nothing that a copy could be ordered
    /// under.</summary>
    public static string OfScope(string name) => Scope + name;

    public static bool IsScope(string? algorithm) => algorithm?.StartsWith(Scope, StringComparison.Ordinal) == true;
}

/// <summary>Where a tenant's data lives without BYOK: a prefix of a shared store,
/// or on Azure a whole container.</summary>
/// <param name="Store">The bucket, or the account's container.</param>
/// <param name="Prefix">Ends in a slash; empty where it is all of the container
/// but the operator's own <c>.byok/</c>.</param>
public sealed record SharedRef(StoreRef Store, string Prefix)
{
    public bool IsWhole => Prefix.Length == 0;

    /// <summary>It is a dedicated store, which holds nobody else's: all of it may be meant.</summary>
    public bool IsOwn { get; init; }

    /// <summary>A prefix that ends in no slash would take neighbours along; of a shared bucket there is always
    /// one.</summary>
    public bool IsSound => Prefix.EndsWith('/') || (IsWhole && (IsOwn || Store.Cloud == CloudKind.Azure));
}
