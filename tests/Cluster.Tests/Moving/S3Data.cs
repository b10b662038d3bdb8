using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Cluster.Tests.Primitives;
using LocalCloud;

namespace Cluster.Tests.Moving;

/// <summary>Objects of all kinds in a bucket, and what is found of them.</summary>
internal static class S3Data
{
    private const int Beside = 8;
    private const string LargeKey = "acme/large.bin";

    /// <summary>Of small ones, and how large the large one is; <c>tests/soak.sh</c> wants more.</summary>
    public static int Objects { get; } = Asked.For("OBJECTS", 300);

    public static long Bytes { get; } = Asked.For("BYTES", 12L << 20);

    public static Task VersionAsync(IAmazonS3 s3, string bucket) => s3.PutBucketVersioningAsync(
        new PutBucketVersioningRequest
        {
            BucketName = bucket,
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        });

    /// <summary>Small ones, a large one, empty ones, odd names, versions and a delete marker, where the bucket keeps
    /// them.</summary>
    public static async Task FillAsync(LocalCloudServer cloud, IAmazonS3 s3, string bucket)
    {
        await Parallel.ForAsync(0, Objects, new ParallelOptions { MaxDegreeOfParallelism = Beside },
            async (number, _) => await PutAsync(s3, bucket, $"acme/many/{number:00000}", $"backup {number}"));
        await PutLargeAsync(cloud, s3, (bucket, LargeKey), Bytes);
        foreach (var (key, content) in ((string, string)[])[("acme/empty", ""), ("acme/ünï/cødé ☃ 𝔘.txt", "unicode"),
            ("acme/a+b%20c", "escaped"), ("acme/ /", "blank"), ("acme/v", "1"), ("acme/v", "2"), ("acme/v", "3"),
            ("acme/gone", "was here")])
        {
            await PutAsync(s3, bucket, key, content);
        }

        await s3.DeleteObjectAsync(bucket, "acme/gone");
    }

    /// <summary>Sparse content, put together by parts: what S3 holds of that size came by parts too.</summary>
    public static async Task PutLargeAsync(
        LocalCloudServer cloud, IAmazonS3 s3, (string Bucket, string Key) to, long size)
    {
        var seed = $"seed-{Guid.NewGuid():N}";
        cloud.Admin.CreateBucket(seed, AwsScene.Region, LocalCloudAccounts.Platform);
        cloud.Admin.PutSparse(seed, "large", size, 3);
        var upload = (await s3.InitiateMultipartUploadAsync(to.Bucket, to.Key)).UploadId;
        List<PartETag> parts = [];
        var part = Math.Clamp((size + 1) / 2, 5L << 20, 1L << 30);
        for (var at = 0L; at < size; at += part)
        {
            var copied = await s3.CopyPartAsync(new CopyPartRequest
            {
                SourceBucket = seed,
                SourceKey = "large",
                DestinationBucket = to.Bucket,
                DestinationKey = to.Key,
                UploadId = upload,
                PartNumber = parts.Count + 1,
                FirstByte = at,
                LastByte = Math.Min(at + part, size) - 1,
            });
            parts.Add(new PartETag(parts.Count + 1, copied.ETag));
        }

        await s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = to.Bucket,
                Key = to.Key,
                UploadId = upload,
                PartETags = parts,
            });
        cloud.Admin.RemoveBucket(seed);
    }

    /// <summary>Key by key, oldest version first: what each one holds, and under which key.</summary>
    public static async Task<IReadOnlyList<StoredVersion>> VersionsAsync(IAmazonS3 s3, string bucket, string prefix)
    {
        List<S3ObjectVersion> listed = [];
        var request = new ListVersionsRequest { BucketName = bucket, Prefix = prefix };
        ListVersionsResponse page;
        do
        {
            page = await s3.ListVersionsAsync(request);
            listed.AddRange(page.Versions ?? []);
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        while (page.IsTruncated == true);

        listed.Reverse();
        var found = new StoredVersion[listed.Count];
        await Parallel.ForAsync(0, listed.Count, new ParallelOptions { MaxDegreeOfParallelism = Beside },
            async (at, _) => found[at] = await LookAsync(s3, bucket, listed[at]));
        return found;
    }

    /// <summary>Without the operator's own and what is written meanwhile.</summary>
    public static IReadOnlyList<StoredVersion> Standing(IEnumerable<StoredVersion> all) =>
    [
        .. all.Where(one => !one.Key.StartsWith(".byok/", StringComparison.Ordinal)
            && !one.Key.StartsWith(Traffic.Prefix, StringComparison.Ordinal)),
    ];

    /// <summary>The newest of each name; not the large one, which would be all that is read.</summary>
    public static IReadOnlyList<(string Name, string Digest)> ToRead(IEnumerable<StoredVersion> standing) =>
    [
        .. standing.GroupBy(one => one.Key).Select(versions => versions.Last())
            .Where(one => one.Digest is not null && one.Key != LargeKey).Select(one => (one.Key, one.Digest!)),
    ];

    private static async Task PutAsync(IAmazonS3 s3, string bucket, string key, string content) =>
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = content });

    private static async Task<StoredVersion> LookAsync(IAmazonS3 s3, string bucket, S3ObjectVersion version)
    {
        if (version.IsDeleteMarker == true)
        {
            return new(version.Key, version.VersionId, null, null);
        }

        var head = await s3.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = bucket, Key = version.Key, VersionId = version.VersionId });
        using var answer = await s3.GetObjectAsync(new GetObjectRequest
        {
            BucketName = bucket,
            Key = version.Key,
            VersionId = version.VersionId,
            // of a range the SDK takes no ETag for a digest, and a sparse object's is none
            ByteRange = version.Size > 0 ? new ByteRange(0, version.Size.Value - 1) : null,
        });
        return new(
            version.Key, version.VersionId, Convert.ToHexStringLower(await SHA256.HashDataAsync(answer.ResponseStream)),
            head.ServerSideEncryptionKeyManagementServiceKeyId);
    }
}
