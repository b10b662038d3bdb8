using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

public sealed class ObjectTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private IAmazonS3 S3 => cloud.OperatorS3;

    [Fact]
    public async Task Headers_metadata_and_tags_come_back_and_travel_with_a_copy()
    {
        var bucket = await cloud.NewBucket();
        var put = new PutObjectRequest
        {
            BucketName = bucket,
            Key = "a",
            ContentBody = "x",
            ContentType = "text/plain",
            StorageClass = S3StorageClass.StandardInfrequentAccess,
            TagSet = [new Tag { Key = "t", Value = "ü &=" }],
        };
        put.Headers.CacheControl = "no-store";
        put.Headers.ContentEncoding = "gzip";
        put.Metadata["owner"] = "acme";
        await S3.PutObjectAsync(put);
        await S3.CopyObjectAsync(bucket, "a", bucket, "b");
        var head = await S3.GetObjectMetadataAsync(bucket, "b");
        (head.Headers.ContentType, head.Headers.CacheControl, head.Headers.ContentEncoding,
            head.Metadata["owner"]).ShouldBe(("text/plain", "no-store", "gzip", "acme"));
        (await S3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = bucket, Key = "b" })).Tagging
            .Single().Value.ShouldBe("ü &=");
        await S3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                DestinationBucket = bucket,
                DestinationKey = "c",
                MetadataDirective = S3MetadataDirective.REPLACE,
                ContentType = "a/b",
            });
        (await S3.GetObjectMetadataAsync(bucket, "c")).Metadata.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_copy_onto_itself_must_change_something()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        await Expect.Problem(400, "InvalidRequest", () => S3.CopyObjectAsync(bucket, "a", bucket, "a"));
        await S3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                DestinationBucket = bucket,
                DestinationKey = "a",
                ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                ServerSideEncryptionKeyManagementServiceKeyId = cloud.NewTenantKey(),
            });
    }

    [Fact]
    public async Task Preconditions_guard_writes_copies_and_deletes()
    {
        var bucket = await cloud.NewBucket();
        var etag = (await Put(bucket, "a")).ETag;
        await Expect.Problem(412, "PreconditionFailed",
            () =>
                S3.PutObjectAsync(
                    new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "y", IfNoneMatch = "*" }));
        await Expect.Problem(412, "PreconditionFailed",
            () =>
                S3.PutObjectAsync(
                    new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "y", IfMatch = "\"00\"" }));
        await Expect.Problem(404, "NoSuchKey",
            () =>
                S3.PutObjectAsync(
                    new PutObjectRequest { BucketName = bucket, Key = "none", ContentBody = "y", IfMatch = etag }));
        await Expect.Problem(412, "PreconditionFailed",
            () =>
                S3.CopyObjectAsync(
                    new CopyObjectRequest
                    {
                        SourceBucket = bucket,
                        SourceKey = "a",
                        DestinationBucket = bucket,
                        DestinationKey = "b",
                        ETagToMatch = "\"00\"",
                    }));
        await Expect.Problem(412, "PreconditionFailed",
            () => S3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = "a", IfMatch = "\"00\"" }));
        await S3.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "y", IfMatch = etag });
    }

    [Fact]
    public async Task Versions_and_delete_markers_stand_newest_first_and_are_read_by_id()
    {
        var bucket = await cloud.NewBucket();
        await S3.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = bucket,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
        var first = await Put(bucket, "a", "1");
        var second = await Put(bucket, "a", "22");
        var marker = await S3.DeleteObjectAsync(bucket, "a");
        marker.DeleteMarker.ShouldBe("true");
        var all = (await S3.ListVersionsAsync(bucket)).Versions;
        all.Select(one => one.VersionId).ShouldBe([marker.VersionId, second.VersionId, first.VersionId]);
        all[0].IsDeleteMarker.ShouldBe(true);
        await Expect.Problem(404, "NoSuchKey", () => S3.GetObjectAsync(bucket, "a"));
        using var old = await S3.GetObjectAsync(bucket, "a", first.VersionId);
        old.ContentLength.ShouldBe(1);
        await Expect.Problem(405, "MethodNotAllowed", () => S3.GetObjectAsync(bucket, "a", marker.VersionId));
        await S3.DeleteObjectAsync(bucket, "a", marker.VersionId);
        using var back = await S3.GetObjectAsync(bucket, "a");
        back.VersionId.ShouldBe(second.VersionId);
        await S3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                SourceVersionId = first.VersionId,
                DestinationBucket = bucket,
                DestinationKey = "copy",
            });
        (await S3.GetObjectMetadataAsync(bucket, "copy")).ContentLength.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_hold_what_they_may_and_go_on_where_they_ended()
    {
        var bucket = await cloud.NewBucket();
        cloud.Admin.PutMany(bucket, "p/", 2500, 1, 7);
        await Put(bucket, "p/ü😀/x");
        await Put(bucket, "q");
        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket };
        var pages = 0;
        ListObjectsV2Response page;
        do
        {
            page = await S3.ListObjectsV2Async(request);
            keys.AddRange(page.S3Objects.Select(one => one.Key));
            request.ContinuationToken = page.NextContinuationToken;
            pages++;
        }
        while (page.IsTruncated == true);
        (pages, keys.Count).ShouldBe((3, 2502));
        keys.ShouldBeUnique();
        var grouped =
            await S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Delimiter = "/", MaxKeys = 2 });
        (grouped.CommonPrefixes.Single(), grouped.S3Objects.Single().Key).ShouldBe(("p/", "q"));
        (await S3.ListObjectsV2Async(
            new ListObjectsV2Request
            {
                BucketName = bucket,
                Prefix = "p/",
                Delimiter = "/",
                StartAfter = "p/00002499",
            })).CommonPrefixes.ShouldBe([
            "p/ü😀/",
        ]);
        (await S3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket, MaxKeys = 10 })).NextKeyMarker
            .ShouldBe("p/00000009");
    }

    [Fact]
    public async Task An_archived_object_is_neither_read_nor_copied()
    {
        var bucket = await cloud.NewBucket();
        await S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "a",
                ContentBody = "x",
                StorageClass = S3StorageClass.Glacier,
            });
        await Expect.Problem(403, "InvalidObjectState", () => S3.GetObjectAsync(bucket, "a"));
        await Expect.Problem(403, "InvalidObjectState", () => S3.CopyObjectAsync(bucket, "a", bucket, "b"));
        (await S3.GetObjectMetadataAsync(bucket, "a")).StorageClass.ShouldBe(S3StorageClass.Glacier);
    }

    [Fact]
    public async Task Ranges_are_served_or_refused()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a", "0123456789");
        using var part = await S3.GetObjectAsync(
            new GetObjectRequest { BucketName = bucket, Key = "a", ByteRange = new ByteRange(2, 4) });
        (part.HttpStatusCode,
            await new StreamReader(part.ResponseStream).ReadToEndAsync()).ShouldBe(
                (HttpStatusCode.PartialContent, "234"));
        await Expect.Problem(416, "InvalidRange",
            () =>
                S3.GetObjectAsync(
                    new GetObjectRequest { BucketName = bucket, Key = "a", ByteRange = new ByteRange(10, 20) }));
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("CRC64NVME")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task Every_checksum_is_verified_kept_and_computed_on_copy(string algorithm)
    {
        var bucket = await cloud.NewBucket();
        var known = new Dictionary<string, string>
        {
            ["CRC32"] = "y/Q5Jg==",
            ["CRC32C"] = "4waSgw==",
            ["CRC64NVME"] = "rosUhgp5mIg=",
            ["SHA1"] = Convert.ToBase64String(SHA1.HashData("123456789"u8)),
            ["SHA256"] = Convert.ToBase64String(SHA256.HashData("123456789"u8)),
        };
        await S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "a",
                ContentBody = "123456789",
                ChecksumAlgorithm =
                    ChecksumAlgorithm.FindValue(algorithm is "CRC64NVME" or "CRC32C" ? "CRC32" : algorithm),
            });
        await S3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                DestinationBucket = bucket,
                DestinationKey = "b",
                ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm),
            });
        var head = await S3.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = bucket, Key = "b", ChecksumMode = ChecksumMode.ENABLED });
        var shown = algorithm switch { "CRC32" => head.ChecksumCRC32, "CRC32C" => head.ChecksumCRC32C, "CRC64NVME" =>
            head.ChecksumCRC64NVME, "SHA1" => head.ChecksumSHA1, _ => head.ChecksumSHA256 };
        shown.ShouldBe(known[algorithm]);
        head.ChecksumType.ShouldBe(ChecksumType.FULL_OBJECT);
    }

    [Fact]
    public async Task A_body_that_does_not_match_its_checksum_is_a_BadDigest()
    {
        var bucket = await cloud.NewBucket();
        await Expect.Problem(400, "BadDigest",
            () =>
                S3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = bucket,
                        Key = "a",
                        ContentBody = "x",
                        ChecksumCRC32 = "AAAAAA==",
                    }));
        await Expect.Problem(404, "NoSuchKey", () => S3.GetObjectAsync(bucket, "a"));
    }

    [Fact]
    public async Task Many_are_deleted_at_once_and_the_refused_are_named()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        await Put(bucket, "keep/b");
        await S3.PutBucketPolicyAsync(bucket,
            $$"""{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::{{bucket}}/keep/*"}]}""");
        var problem = await Should.ThrowAsync<DeleteObjectsException>(() =>
            S3.DeleteObjectsAsync(
                new DeleteObjectsRequest
                {
                    BucketName = bucket,
                    Objects = [new KeyVersion { Key = "a" }, new KeyVersion { Key = "keep/b" },
                        new KeyVersion { Key = "none" }],
                }));
        problem.Response.DeletedObjects.Select(one => one.Key).ShouldBe(["a", "none"]);
        problem.Response.DeleteErrors.Single().Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task A_held_version_is_not_deleted_and_its_copy_is_not_held()
    {
        var bucket = await cloud.NewBucket();
        await S3.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = bucket,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
        var held = await S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "a", ContentBody = "x", ObjectLockLegalHoldStatus = ObjectLockLegalHoldStatus.On,
            WebsiteRedirectLocation = "/b",
        });
        await Expect.Problem(403, "AccessDenied",
            () =>
                S3.DeleteObjectAsync(
                    new DeleteObjectRequest { BucketName = bucket, Key = "a", VersionId = held.VersionId }));
        var copy = await S3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a",
                DestinationBucket = bucket,
                DestinationKey = "b",
            });
        var seen = await S3.GetObjectMetadataAsync(bucket, "b");
        (seen.ObjectLockLegalHoldStatus, seen.WebsiteRedirectLocation ?? "").ShouldBe((null, ""));
        await S3.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = bucket, Key = "b", VersionId = copy.VersionId });
    }

    [Theory]
    [InlineData("&#x1;")]
    [InlineData("\u0001")]
    [InlineData("&#xFFFE;")]
    public async Task A_name_that_XML_can_not_hold_spoils_its_whole_bulk_delete(string letter)
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        await Put(bucket, "\u0001");
        var (status, answer) = await RawPut.SendAsync(
            cloud, HttpMethod.Post, $"/{bucket}", "delete",
            $"<Delete><Object><Key>a</Key></Object><Object><Key>{letter}</Key></Object></Delete>");
        status.ShouldBe(400);
        answer.ShouldContain("<Code>MalformedXML</Code>");
        cloud.Admin.ObjectCount(bucket).ShouldBe(2);
        await S3.DeleteObjectAsync(bucket, "\u0001");
        cloud.Admin.ObjectCount(bucket).ShouldBe(1);
    }

    [Fact]
    public async Task A_bucket_of_another_region_must_be_asked_there()
    {
        var bucket = await cloud.NewBucket();
        cloud.Admin.ResetCalls();
        var problem = await Should.ThrowAsync<AmazonS3Exception>(() =>
            cloud.S3(CloudFixture.Operator, "eu-central-1").GetBucketPolicyAsync(bucket));
        problem.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
    }

    private Task<PutObjectResponse> Put(string bucket, string key, string body = "x") =>
        S3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = body });
}
