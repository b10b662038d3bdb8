using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>All there is under one name, in the port's order and terms. Pure.</summary>
internal static class BlobHistory
{
    /// <summary>
    /// Newest first. Azure lists the old ones first and puts snapshots apart from versions. The one that answers to the
    /// bare name is the newest of all, even where a snapshot of it was taken later:
    /// it has to be written last to stand there again.
    /// </summary>
    public static IEnumerable<ObjectVersion> Of(IReadOnlyList<ListedBlob> blobs)
    {
        var ordered = blobs.OrderByDescending(blob => blob.IsBase)
            .ThenByDescending(blob => blob.Stamp, StringComparer.Ordinal).ToList();
        if (!ordered[0].IsBase && ordered.Find(blob => blob.Snapshot is null) is { } newest)
        {
            yield return new ObjectVersion(
                newest.Name,
                new BlobMoment.Deleted(newest.VersionId!).Name,
                ETag: "",
                Size: 0,
                newest.Modified,
                IsDeleteMarker: true,
                IsLatest: true,
                StorageClass: null)
            {
                IsImplied = true,
            };
        }

        foreach (var blob in ordered)
        {
            yield return blob.ToVersion();
        }
    }
}
