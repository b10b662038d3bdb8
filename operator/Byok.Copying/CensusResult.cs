namespace Byok.Copying;

/// <summary>A count of a store by key, and how it was come by.</summary>
/// <param name="DeleteMarkers">They have no content and so no key.</param>
/// <param name="Verified">Versions whose key the manifest tells.</param>
/// <param name="Asked">Versions whose key the store was asked for, one by one.</param>
/// <param name="Unasked">Versions beyond the limit of questions;
/// while this is not zero the census proves no absence.</param>
public sealed record CensusResult(
    IReadOnlyList<CensusCount> Counts, long DeleteMarkers, long Verified, long Asked, long Unasked);
