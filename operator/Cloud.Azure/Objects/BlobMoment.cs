using System.Diagnostics;

namespace Cloud.Azure.Objects;

/// <summary>
/// Which state of a blob is meant, and how a version id of the port says it. Azure has no delete markers: a name whose
/// versions stand but none is current counts as one, called after the version beneath it.
/// </summary>
internal abstract record BlobMoment
{
    /// <summary>The port's word for the object that was written before its store kept versions.</summary>
    private const string WithoutId = "null";

    private const string SnapshotPrefix = "snapshot-";
    private const string DeletedPrefix = "deleted-";

    private BlobMoment()
    {
    }

    /// <summary>What stands after the address, or null.</summary>
    public string? Query => this switch
    {
        Snapshot snapshot => $"snapshot={Uri.EscapeDataString(snapshot.Time)}",
        Version version => $"versionid={Uri.EscapeDataString(version.Id)}",
        _ => null,
    };

    /// <summary>The service's own word for it; null for the blob that answers to its bare name.</summary>
    public string? Stamp => this switch
    {
        Snapshot snapshot => snapshot.Time,
        Version version => version.Id,
        _ => null,
    };

    /// <summary>In the port's terms.</summary>
    public string? Name => this switch
    {
        Live => null,
        Snapshot snapshot => SnapshotPrefix + snapshot.Time,
        Version version => version.Id,
        Deleted deleted => DeletedPrefix + deleted.After,
        _ => throw new UnreachableException(),
    };

    public static BlobMoment Of(string? versionId) => versionId switch
    {
        null or WithoutId => new Live(),
        _
            when versionId.StartsWith(SnapshotPrefix, StringComparison.Ordinal) =>
                new Snapshot(versionId[SnapshotPrefix.Length..]),
        _
            when versionId.StartsWith(DeletedPrefix, StringComparison.Ordinal) =>
                new Deleted(versionId[DeletedPrefix.Length..]),
        _ => new Version(versionId),
    };

    /// <summary>Whether the id says that the store keeps versions though this blob has none yet.</summary>
    public static bool IsOlderThanVersions(string? versionId) => versionId == WithoutId;

    /// <summary>The blob that answers to its bare name.</summary>
    public sealed record Live : BlobMoment;

    public sealed record Snapshot(string Time) : BlobMoment;

    public sealed record Version(string Id) : BlobMoment;

    /// <summary>Nothing is current any more; <paramref name="After"/> is the newest version that stands.</summary>
    public sealed record Deleted(string After) : BlobMoment;
}
