using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Objects;

/// <summary>
/// One server-side copy between two stores of ours. The encryption stands in every request: what the target's default
/// is does not matter (law 2). Fails with Conflict when the source is no longer <see cref="ObjectVersion.ETag"/>.
/// </summary>
public sealed record CopyOrder(StoreRef Source, ObjectVersion Version, StoreRef Target, string TargetKey, KeyRef Key, bool BucketKey)
{
    /// <summary>Where a website leads who asks for the copy; null where the source was not seen to lead anywhere.</summary>
    public string? RedirectTo { get; init; }
}
