using Cloud.Objects;

namespace Byok.Copying;

/// <summary>A version found in the target without an entry,
/// and the source's version that it should be a copy of.</summary>
internal sealed record Adoption(ObjectVersion Source, ObjectVersion Stored)
{
    /// <summary>Listings may tell times in whole seconds.</summary>
    private static readonly TimeSpan ListingResolution = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether it is worth verifying. An unversioned copy must be younger than what it is a copy of: the source may
    /// have been overwritten since. Copies into a versioned store are made in order, so there the place tells. What has
    /// no id stands for the newest alone: an older one (a snapshot to be) is written over by the next copy.
    /// </summary>
    public static bool Resembles(ObjectVersion source, ObjectVersion stored) =>
        source.Size == stored.Size
        && source.IsDeleteMarker == stored.IsDeleteMarker
        && (stored.VersionId is not null
            || (source.IsLatest && stored.LastModified >= source.LastModified + ListingResolution));
}
