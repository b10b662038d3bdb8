using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Versions of a prefix, a page at a time.</summary>
internal sealed class S3Listing(S3Site site)
{
    /// <summary>S3 gives at most this many, whatever is asked.</summary>
    private const int PageSize = 1000;

    public async IAsyncEnumerable<ObjectVersion> ListAsync(
        StoreRef store,
        string prefix,
        string? afterKey,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (keyMarker, versionMarker) = (afterKey, (string?)null);
        var before = afterKey;
        while (true)
        {
            var page = await PageAsync(store, prefix, keyMarker, versionMarker, cancellation);
            foreach (var version in page.Versions ?? [])
            {
                var key = Plain(page, version.Key)!;
                ObjectOrder.Utf8.Demand(before, key, "s3:ListBucketVersions");
                yield return Of(version, before = key);
            }

            if (page.IsTruncated is not true)
            {
                yield break;
            }

            var next = (Plain(page, page.NextKeyMarker), page.NextVersionIdMarker);
            if (next.Item1 is null or "" || next == (keyMarker, versionMarker))
            {
                throw new CloudException(
                    new CloudProblem.Unreachable("ListStuck",
                        "the listing says that there is more, but not from where"), "s3:ListBucketVersions");
            }

            (keyMarker, versionMarker) = next;
        }
    }

    /// <summary>Asked for, because XML can't hold every character of a key; the SDK leaves the decoding to us. S3
    /// writes a space as a plus.</summary>
    private static string? Plain(ListVersionsResponse page, string? text) =>
        page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(text) : text;

    private Task<ListVersionsResponse> PageAsync(
        StoreRef store,
        string prefix,
        string? keyMarker,
        string? versionMarker,
        CancellationToken cancellation) => site.SendAsync(
            "s3:ListBucketVersions",
            store,
            (s3, stop) => s3.ListVersionsAsync(
                new ListVersionsRequest
                {
                    BucketName = store.Name,
                    Prefix = prefix,
                    KeyMarker = keyMarker,
                    VersionIdMarker = versionMarker,
                    MaxKeys = PageSize,
                    Encoding = EncodingType.Url,
                    OptionalObjectAttributes = ["RestoreStatus"],
                },
                stop),
            evidence: null,
            cancellation);

    private static ObjectVersion Of(S3ObjectVersion version, string key)
    {
        var isMarker = version.IsDeleteMarker ?? false;
        var isLatest = version.IsLatest ?? false;
        return new ObjectVersion(
            key,
            VersionId(version.VersionId, isMarker, isLatest),
            isMarker ? "" : S3Values.Bare(version.ETag),
            version.Size ?? 0,
            new DateTimeOffset((version.LastModified ?? DateTime.UnixEpoch).ToUniversalTime()),
            isMarker,
            isLatest,
            version.StorageClass?.Value,
            version.ChecksumAlgorithm?.FirstOrDefault())
        {
            Obstacle = isMarker || version.StorageClass?.Value is not ("GLACIER" or "DEEP_ARCHIVE")
                || version.RestoreStatus?.RestoreExpiryDate is not null
                ? null
                : ObjectRefusals.Seen("InvalidObjectState", version.StorageClass.Value),
        };
    }

    /// <summary>
    /// The current object of an unversioned bucket has the id <c>null</c>. Behind other versions, and as a delete
    /// marker, that word is an id like any other and has to be said.
    /// </summary>
    private static string? VersionId(string? id, bool isMarker, bool isLatest) =>
        id is null or "" || (id == "null" && isLatest && !isMarker) ? null : id;
}
