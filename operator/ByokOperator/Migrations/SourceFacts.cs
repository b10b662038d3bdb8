using Cloud;

namespace ByokOperator.Migrations;

/// <summary>The tenant's prefix of the shared place.</summary>
/// <param name="IsEmpty">No version and no delete marker under the prefix.</param>
/// <param name="Fence">The token of the write fence that stands for this store; null when writes are open.</param>
/// <param name="FencedSince">Since when it stands, or began to be raised; null where none does,
/// or where it does not say so.</param>
internal sealed record SourceFacts(bool Exists, bool IsEmpty, string? Fence, DateTimeOffset? FencedSince = null)
{
    /// <summary>The token of a fence that is being raised: some writers are refused already,
    /// and nothing is copied behind it.</summary>
    public string? Rising { get; init; }

    /// <summary>Whichever refuses writers.</summary>
    public string? AnyFence => Fence ?? Rising;

    /// <summary>How many days the place keeps what was deleted in it; null where it keeps nothing.</summary>
    public int? KeepsDeletedDays { get; init; }

    /// <summary>Why nothing can be moved from a place of this kind; null where nothing is known against it.</summary>
    public CloudProblem.Refused? Unfit { get; init; }
}
