namespace Cloud.Objects;

/// <summary>One entry of a version listing. Unversioned objects have <see cref="VersionId"/> <c>null</c>.</summary>
/// <param name="ETag">Without quotes; empty for a delete marker.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ChecksumAlgorithm">What the store keeps a checksum by, where the listing tells; a copy keeps the same,
/// so that both can be compared.</param>
public sealed record ObjectVersion(
    string Key,
    string? VersionId,
    string ETag,
    long Size,
    DateTimeOffset LastModified,
    bool IsDeleteMarker,
    bool IsLatest,
    string? StorageClass,
    string? ChecksumAlgorithm = null)
{
    /// <summary>How it is built, in the cloud's spelling, where a cloud has several ways; null where it has not,
    /// or the listing does not tell.</summary>
    public string? Form { get; init; }

    /// <summary>Why it can't be copied as it is, where the listing tells.</summary>
    public CloudProblem.Refused? Obstacle { get; init; }

    /// <summary>Somebody holds a lease on it, where a cloud has such and the listing tells.</summary>
    public bool IsLeased { get; init; }

    /// <summary>
    /// A delete marker that stands for nothing of its own: a cloud keeps none, and the listing shows it where no
    /// version answers to the bare name. It is named after the newest version beneath it, and goes with the last.
    /// </summary>
    public bool IsImplied { get; init; }

    /// <summary>The checksum itself, where the listing tells it.</summary>
    public Checksum? Checksum { get; init; }
}

/// <summary>A checksum kept by the store: algorithm in the cloud's spelling, value in Base64.
/// <paramref name="IsFullObject"/> is false for a hash of part hashes.</summary>
public sealed record Checksum(string Algorithm, string Value, bool IsFullObject);
