using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>The dedicated store as it stands.</summary>
/// <param name="Drift">Aspects we own that differ from the spec.</param>
/// <param name="IsDenied">The closing statement stands.</param>
/// <param name="IsEmpty">No version, no delete marker, no record of ours; looked at only while the store is being
/// deleted and while no pin stands.</param>
internal sealed record TargetFacts(
    StoreOwnership Ownership, IReadOnlyList<string> Drift, bool IsDenied, bool IsEmpty = false)
{
    /// <summary>When what was taken away with the denial counts everywhere; null where all counts at once.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    public static readonly TargetFacts Absent = new(StoreOwnership.Absent, [], IsDenied: false, IsEmpty: true);
}
