using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Objects;

/// <summary>
/// One server-side copy between two stores of ours. The encryption stands in every request: what the target's default
/// is does not matter (law 2). Fails with Conflict when the source is no longer <see cref="ObjectVersion.ETag"/>.
/// </summary>
public sealed record CopyOrder(
    StoreRef Source, ObjectVersion Version, StoreRef Target, string TargetKey, KeyRef Key, bool BucketKey)
{
    /// <summary>Where a website leads who asks for the copy;
    /// null where the source was not seen to lead anywhere.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>
    /// The object is written over with itself, to change its key. Then the write too fails with Conflict unless what
    /// stands there is still <see cref="ObjectVersion.ETag"/>, so that whoever wrote meanwhile wins; and nothing is
    /// ever taken away again, for there is no other copy. Where the store keeps versions,
    /// the earlier one stays as it is.
    /// </summary>
    public bool IsOntoItself => Source == Target && TargetKey == Version.Key;
}
