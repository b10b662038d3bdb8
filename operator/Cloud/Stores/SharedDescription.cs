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
