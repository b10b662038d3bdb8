namespace Cloud.Objects;

/// <summary>One entry of a version listing. Unversioned objects have <see cref="VersionId"/> <c>null</c>.</summary>
/// <param name="ETag">Without quotes; empty for a delete marker.</param>
/// <param name="Size">Bytes.</param>
public sealed record ObjectVersion(
    string Key,
    string? VersionId,
    string ETag,
    long Size,
    DateTimeOffset LastModified,
    bool IsDeleteMarker,
    bool IsLatest,
    string? StorageClass);
