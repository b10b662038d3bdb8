using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Stores;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>
/// Deletes exactly what it is given, and believes no request as a whole: S3 answers 200 and refuses entry by entry.
/// What a bulk request can't name goes by a request of its own.
/// </summary>
internal sealed class S3Remover(S3Site site)
{
    /// <summary>S3's bound on one request.</summary>
    private const int MostPerRequest = 1000;

    private const int SinglesAtOnce = 16;

    public async Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        var answer = await site.SendAsync(
            "s3:DeleteObject",
            store,
            (s3, stop) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = store.Name, Key = key }, stop),
            evidence: null,
            cancellation);
        return answer.VersionId;
    }

    public async Task DeleteAsync(StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        foreach (var batch in versions.Where(version => BulkNames.Carry(version.Key)).Chunk(MostPerRequest))
        {
            await DeleteBulkAsync(store, batch, cancellation);
        }

        var bounds = new ParallelOptions { MaxDegreeOfParallelism = SinglesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            versions.Where(version => !BulkNames.Carry(version.Key)), bounds,
            async (version, stop) => await DeleteOneAsync(store, version, stop));
    }

    private async Task DeleteBulkAsync(StoreRef store, ObjectVersion[] batch, CancellationToken cancellation)
    {
        var request =
            new DeleteObjectsRequest { BucketName = store.Name, Objects = [.. batch.Select(Entry)], Quiet = true };
        var answer = await site.SendAsync(
            "s3:DeleteObjects",
            store,
            async (s3, stop) =>
            {
                try
                {
                    return await s3.DeleteObjectsAsync(request, stop);
                }
                catch (DeleteObjectsException partly)
                {
                    return partly.Response;
                }
            },
            evidence: null,
            cancellation);
        if (answer.DeleteErrors?.Find(error => !IsGone(error)) is { } refused)
        {
            throw new CloudException(
                AwsProblems.From(refused.Code, $"'{refused.Key}' was not deleted: {refused.Message}",
                    HttpStatusCode.BadRequest),
                "s3:DeleteObjects",
                answer.ResponseMetadata?.RequestId);
        }
    }

    private async Task DeleteOneAsync(StoreRef store, ObjectVersion version, CancellationToken cancellation)
    {
        var request = new DeleteObjectRequest
        {
            BucketName = store.Name,
            Key = version.Key,
            VersionId = version.VersionId,
            IfMatch = Condition(version),
        };
        try
        {
            await site.SendAsync("s3:DeleteObject", store, (s3, stop) => s3.DeleteObjectAsync(request, stop),
                evidence: null, cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound { Code: not "NoSuchBucket" })
        {
            // Already as wanted.
        }
    }

    private static KeyVersion Entry(ObjectVersion version) =>
        new() { Key = version.Key, VersionId = version.VersionId, ETag = Condition(version) };

    /// <summary>
    /// A version never changes; an unversioned object may, and so may the version <c>null</c>, which a bucket whose
    /// versioning is suspended writes over: its ETag is the condition. S3 holds it against the current version alone
    /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html),
    /// so what stands behind another one has none.
    /// </summary>
    private static string? Condition(ObjectVersion version) =>
        (version.VersionId is null || (version is { VersionId: S3Values.NullVersion, IsLatest: true }))
            && version.ETag.Length > 0 ? S3Values.Quoted(version.ETag) : null;

    private static bool IsGone(DeleteError error) => error.Code is "NoSuchKey" or "NoSuchVersion";
}
