using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>S3's data plane.</summary>
internal sealed class S3ObjectData(S3Site site, S3Copier copier) : IObjectData
{
    private static readonly string[] Carried =
        ["Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires", "x-amz-tagging-count"];

    private readonly S3Listing listing = new(site);
    private readonly S3Hasher hasher = new(site);
    private readonly S3Remover remover = new(site);
    private readonly S3Marks marks = new(site, new KeyGuard(site));

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        listing.ListAsync(store, prefix, afterKey, cancellation);

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) => copier.CopyAsync(order, cancellation);

    public async Task<ObjectFacts?> HeadAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        try
        {
            var answer = await site.SendAsync(
                new AwsRequest("s3:HeadObject", store.Region, store.Name), (wire, stop) => wire.HeadAsync(store.Name, key, versionId, stop), cancellation);
            return new ObjectFacts(
                answer.ContentLength,
                S3Words.Bare(answer["ETag"]),
                answer["x-amz-server-side-encryption-aws-kms-key-id"],
                S3Words.ChecksumOf(answer["x-amz-checksum-type"], name => answer[$"x-amz-checksum-{name}"]),
                Headers(answer));
        }
        catch (CloudException missing) when (missing.Problem is CloudProblem.NotFound { Code: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        hasher.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        remover.MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        remover.DeleteAsync(store, versions, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) => marks.ReadAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store,
        string key,
        ReadOnlyMemory<byte> content,
        KeyRef encryption,
        string? ifMatch,
        CancellationToken cancellation) => marks.WriteAsync(store, key, content, (encryption, ifMatch), cancellation);

    /// <summary>What a copy must carry over, by header name: the content headers, the storage class, the user's metadata and the tag count.</summary>
    private static Dictionary<string, string> Headers(S3WireAnswer answer)
    {
        var headers = new Dictionary<string, string>(answer.Beginning("x-amz-meta-"), StringComparer.OrdinalIgnoreCase)
        {
            ["x-amz-storage-class"] = answer["x-amz-storage-class"] ?? "STANDARD",
        };
        foreach (var name in Carried)
        {
            if (answer[name] is { } value)
            {
                headers[name] = value;
            }
        }

        return headers;
    }
}
