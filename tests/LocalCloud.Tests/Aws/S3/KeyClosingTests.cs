using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

/// <summary>research: what a client of S3 sees when the key behind an object is gone, in whichever way.</summary>
public sealed class KeyClosingTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Theory]
    [InlineData("Disabled", "KMS.DisabledException", "is disabled.")]
    [InlineData("PendingDeletion", "KMS.KMSInvalidStateException", "is pending deletion.")]
    [InlineData("PendingImport", "KMS.KMSInvalidStateException", "is pending import.")]
    public async Task A_closed_key_closes_reading_writing_and_copying(string state, string code, string words)
    {
        var (bucket, key) = await Stored();
        cloud.Admin.SetKeyState(key, state);
        (await Expect.Problem(400, code, () => cloud.OperatorS3.GetObjectAsync(bucket, "a"))).Message
            .ShouldBe($"{key} {words}");
        await Expect.Problem(400, code, () => Put(bucket, "b", key));
        await Expect.Problem(400, code, () => cloud.OperatorS3.CopyObjectAsync(bucket, "a", bucket, "c"));
        await Expect.Problem(400, code,
            () =>
                cloud.OperatorS3.InitiateMultipartUploadAsync(
                    new InitiateMultipartUploadRequest
                    {
                        BucketName = bucket,
                        Key = "m",
                        ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                        ServerSideEncryptionKeyManagementServiceKeyId = key,
                    }));
        cloud.Admin.SetKeyState(key, "Enabled");
        await Read(bucket, "a");
    }

    [Fact]
    public async Task Listing_deleting_and_HEAD_go_on_without_the_key()
    {
        var (bucket, key) = await Stored();
        cloud.Admin.SetKeyState(key, "Disabled");
        (await cloud.OperatorS3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects.Count
            .ShouldBe(1);
        (await cloud.OperatorS3.GetObjectMetadataAsync(
            new GetObjectMetadataRequest
            {
                BucketName = bucket,
                Key = "a",
            })).ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(key);
        var head = await Should.ThrowAsync<AmazonS3Exception>(() =>
            cloud.OperatorS3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = bucket, Key = "a", ChecksumMode = ChecksumMode.ENABLED }));
        head.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await cloud.OperatorS3.DeleteObjectAsync(bucket, "a");
    }

    [Fact]
    public async Task A_key_that_does_not_exist_or_lives_elsewhere_is_NotFound_only_when_it_is_used()
    {
        var bucket = await cloud.NewBucket();
        var elsewhere = cloud.NewTenantKey("eu-central-1");
        await Expect.Problem(400, "KMS.NotFoundException", () => Put(bucket, "a", elsewhere));
        await Default(bucket, "arn:aws:kms:eu-west-1:222222222222:key/00000000-0000-0000-0000-000000000000");
        await Expect.Problem(400, "KMS.NotFoundException",
            () =>
                cloud.OperatorS3.PutObjectAsync(
                    new PutObjectRequest { BucketName = bucket, Key = "b", ContentBody = "x" }));
    }

    [Fact]
    public async Task Without_permission_on_the_key_reading_is_a_403()
    {
        var (bucket, _) = await Stored();
        await Expect.Problem(403, "AccessDenied", () => cloud.S3(CloudFixture.Workload).GetObjectAsync(bucket, "a"));
    }

    [Fact]
    public async Task Other_material_under_the_same_ARN_opens_nothing()
    {
        var (bucket, key) = await Stored();
        cloud.Admin.ReplaceMaterial(key);
        await Expect.Problem(400, "KMS.InvalidCiphertextException", () => cloud.OperatorS3.GetObjectAsync(bucket, "a"));
    }

    [Fact]
    public async Task An_asymmetric_key_serves_no_bucket()
    {
        var bucket = await cloud.NewBucket();
        var key = (await cloud.OperatorKms.CreateKeyAsync(
            new Amazon.KeyManagementService.Model.CreateKeyRequest
            {
                KeySpec = "RSA_2048",
                KeyUsage = "ENCRYPT_DECRYPT",
            })).KeyMetadata.Arn;
        await Expect.Problem(400, "KMS.InvalidKeyUsageException", () => Put(bucket, "a", key));
    }

    [Fact]
    public async Task The_data_keys_context_is_the_objects_ARN_or_the_buckets_with_a_bucket_key()
    {
        var bucket = await cloud.NewBucket();
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region, $$"""
            {"Statement":[{"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":"kms:*","Resource":"*",
              "Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com","kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::{{bucket}}"} } }]}
            """);
        await Expect.Problem(403, "AccessDenied", () => Put(bucket, "a", key));
        (await Put(bucket, "a", key, bucketKey: true)).BucketKeyEnabled.ShouldBe(true);
        await Read(bucket, "a");
        await Expect.Problem(400, "AccessDeniedException",
            () =>
                cloud.OperatorKms.GenerateDataKeyAsync(
                    new Amazon.KeyManagementService.Model.GenerateDataKeyRequest { KeyId = key, KeySpec = "AES_256" }));
    }

    [Fact]
    public async Task S3_may_go_on_serving_for_a_while_after_a_key_was_disabled()
    {
        var (bucket, key) = await Stored();
        cloud.Admin.S3DisableLag = TimeSpan.FromMinutes(5);
        cloud.Admin.SetKeyState(key, "Disabled");
        await Read(bucket, "a");
        cloud.Admin.S3DisableLag = TimeSpan.Zero;
        await Expect.Problem(400, "KMS.DisabledException", () => cloud.OperatorS3.GetObjectAsync(bucket, "a"));
    }

    [Fact]
    public async Task The_default_encryption_serves_writes_without_headers_and_parts_of_uploads()
    {
        var bucket = await cloud.NewBucket();
        var key = cloud.NewTenantKey();
        await Default(bucket, key);
        var put = await cloud.OperatorS3.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" });
        put.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(key);
        put.ETag.Trim('"').ShouldNotBe("9dd4e461268c8034f5c8564e155c67a6");
        var read =
            await cloud.OperatorS3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket });
        read.ServerSideEncryptionConfiguration.ServerSideEncryptionRules
            .Single().ServerSideEncryptionByDefault.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(key);
        var upload = await cloud.OperatorS3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = "m" });
        cloud.Admin.SetKeyState(key, "Disabled");
        await Expect.Problem(400, "KMS.DisabledException",
            () =>
                cloud.OperatorS3.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = bucket,
                        Key = "m",
                        UploadId = upload.UploadId,
                        PartNumber = 1,
                        InputStream = new MemoryStream([1]),
                    }));
    }

    [Fact]
    public async Task An_object_without_headers_is_SSE_S3_with_its_MD5_as_ETag()
    {
        var bucket = await cloud.NewBucket();
        var put = await cloud.OperatorS3.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" });
        put.ServerSideEncryptionMethod.ShouldBe(ServerSideEncryptionMethod.AES256);
        put.ETag.Trim('"').ShouldBe("9dd4e461268c8034f5c8564e155c67a6");
    }

    private async Task<(string Bucket, string Key)> Stored()
    {
        var bucket = await cloud.NewBucket();
        var key = cloud.NewTenantKey();
        await Put(bucket, "a", key);
        return (bucket, key);
    }

    private Task<PutObjectResponse> Put(string bucket, string name, string key, bool bucketKey = false) =>
        cloud.OperatorS3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = name,
            ContentBody = "x",
            ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key,
            BucketKeyEnabled = bucketKey,
        });

    private async Task Read(string bucket, string name)
    {
        using var got = await cloud.OperatorS3.GetObjectAsync(bucket, name);
        got.ContentLength.ShouldBe(1);
    }

    private Task Default(string bucket, string key) =>
        cloud.OperatorS3.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = bucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules =
                [
                    new ServerSideEncryptionRule
                    {
                        ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                        {
                            ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS,
                            ServerSideEncryptionKeyManagementServiceKeyId = key,
                        },
                    },
                ],
            },
        });
}
