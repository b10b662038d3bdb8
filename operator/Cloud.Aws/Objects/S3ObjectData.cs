using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>S3's data plane.</summary>
internal sealed class S3ObjectData(S3Site site, S3Copier copier) : IObjectData
{
    private readonly S3Listing listing = new(site);
    private readonly S3Hasher hasher = new(site);
    private readonly S3Remover remover = new(site);
    private readonly S3Marks marks = new(site, new KeyGuard(site));

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        listing.ListAsync(store, prefix, afterKey, cancellation);

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) =>
        copier.CopyAsync(order, cancellation);

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        var answer = await site.FindAsync(
            "s3:HeadObject",
            store,
            (s3, stop) => s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = store.Name,
                    Key = key,
                    VersionId = versionId,
                    ChecksumMode = ChecksumMode.ENABLED,
                }, stop),
            evidence: null,
            cancellation);
        return answer is null
            ? null
            : new ObjectFacts(
                answer.ContentLength,
                S3Values.Bare(answer.ETag),
                answer.ServerSideEncryptionKeyManagementServiceKeyId,
                S3Values.ChecksumOf(answer),
                Headers(answer))
            {
                RedirectTo = answer.WebsiteRedirectLocation is { Length: > 0 } redirect ? redirect : null,
                Encryption = answer.ServerSideEncryptionMethod?.Value,
                HeldUntil = HeldUntil(answer),
                NotCarried = NotCarried(answer),
            };
    }

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        hasher.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        remover.MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        remover.DeleteAsync(store, versions, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        marks.ReadAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store,
        string key,
        ReadOnlyMemory<byte> content,
        KeyRef encryption,
        string? ifMatch,
        CancellationToken cancellation) => marks.WriteAsync(store, key, content, (encryption, ifMatch), cancellation);

    /// <summary>A lock is its bucket's: copies into another lie under that one's rules.</summary>
    private static IReadOnlyList<string> NotCarried(GetObjectMetadataResponse answer) =>
    [
        .. answer.ObjectLockMode is null ? (string[])[] : ["objectLockRetention"],
        .. answer.ObjectLockLegalHoldStatus == ObjectLockLegalHoldStatus.On ? (string[])["objectLockLegalHold"] : [],
    ];

    private static DateTimeOffset? HeldUntil(GetObjectMetadataResponse answer) =>
        answer.ObjectLockLegalHoldStatus == ObjectLockLegalHoldStatus.On ? DateTimeOffset.MaxValue
        : answer.ObjectLockRetainUntilDate is { } until ? new DateTimeOffset(until.ToUniversalTime(), TimeSpan.Zero)
        : null;

    /// <summary>What a copy must carry over, by header name: the content headers, the storage class, the user's
    /// metadata and the tag count.</summary>
    private static Dictionary<string, string> Headers(GetObjectMetadataResponse answer)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Add("Content-Type", answer.Headers.ContentType);
        Add("Cache-Control", answer.Headers.CacheControl);
        Add("Content-Disposition", answer.Headers.ContentDisposition);
        Add("Content-Encoding", answer.Headers.ContentEncoding);
        Add("Content-Language", answer.Headers["Content-Language"]);
        Add("Expires", answer.ExpiresString);
        Add("x-amz-website-redirect-location", answer.WebsiteRedirectLocation);
        Add("x-amz-storage-class", answer.StorageClass?.Value ?? "STANDARD");
        Add("x-amz-tagging-count", answer.TagsCount is > 0 ? answer.TagsCount.ToString() : null);
        foreach (var name in answer.Metadata.Keys)
        {
            Add(name, answer.Metadata[name]);
        }

        return headers;

        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                headers[name] = value;
            }
        }
    }
}
