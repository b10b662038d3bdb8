using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

/// <summary>Objects that change their key where they stand, and those whose key S3 does not have.</summary>
public sealed class ObjectEncryptionTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private const string NotSupported =
        "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or "
            + "SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.";

    private IAmazonS3 S3 => cloud.OperatorS3;

    [Fact]
    public async Task An_object_is_wrapped_anew_in_place_under_a_key_of_the_buckets_account_only()
    {
        var bucket = await cloud.NewBucket();
        var put = await S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "a",
                ContentBody = "x",
                StorageClass = S3StorageClass.Glacier,
            });
        var own = cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region);
        (await Expect.Problem(403, "AccessDenied", () => UpdateAsync(bucket, "a", cloud.NewTenantKey()))).Message
            .ShouldContain("same account");
        await UpdateAsync(bucket, "a", own);
        var head = await S3.GetObjectMetadataAsync(bucket, "a");
        (head.ServerSideEncryptionKeyManagementServiceKeyId, head.ETag,
            head.StorageClass).ShouldBe((own, put.ETag, S3StorageClass.Glacier));
    }

    [Fact]
    public async Task It_takes_every_right_on_either_key()
    {
        var bucket = await cloud.NewBucket();
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" });
        foreach (var missing in new[] { "kms:Encrypt", "kms:ReEncryptTo", "kms:GenerateDataKey" })
        {
            await Expect.Problem(403, "AccessDenied", () => UpdateAsync(bucket, "a", KeyWithout(missing)));
        }

        await UpdateAsync(bucket, "a", KeyWithout("kms:ReEncryptFrom"));
        var next = cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region);
        await Expect.Problem(403, "AccessDenied", () => UpdateAsync(bucket, "a", next));
    }

    [Fact]
    public async Task A_key_that_is_switched_off_lets_nothing_go()
    {
        var bucket = await cloud.NewBucket();
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" });
        var (first, second) = (cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region),
            cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region));
        await UpdateAsync(bucket, "a", first);
        cloud.Admin.SetKeyState(first, "Disabled");
        await Expect.Problem(400, "KMS.DisabledException", () => UpdateAsync(bucket, "a", second));
        cloud.Admin.SetKeyState(first, "Enabled");
        await UpdateAsync(bucket, "a", second);
        cloud.Admin.SetKeyState(first, "Disabled");
        using var read = await S3.GetObjectAsync(bucket, "a");
        read.ContentLength.ShouldBe(1);
    }

    [Fact]
    public async Task An_object_under_its_writers_key_is_read_with_that_key_alone_and_keeps_it()
    {
        var bucket = await cloud.NewBucket();
        var key = RandomNumberGenerator.GetBytes(32);
        await S3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "a", ContentBody = "x",
            ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
            ServerSideEncryptionCustomerProvidedKey = Convert.ToBase64String(key),
        });
        await Expect.Problem(400, "InvalidRequest", () => S3.GetObjectAsync(bucket, "a"));
        await Expect.Problem(400, "InvalidRequest", () => S3.CopyObjectAsync(bucket, "a", bucket, "b"));
        await Should.ThrowAsync<AmazonS3Exception>(() => S3.GetObjectMetadataAsync(bucket, "a"));
        using var read = await S3.GetObjectAsync(new GetObjectRequest
        {
            BucketName = bucket, Key = "a",
            ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
            ServerSideEncryptionCustomerProvidedKey = Convert.ToBase64String(key),
        });
        read.ContentLength.ShouldBe(1);
        (await Expect.Problem(400, "InvalidRequest",
            () =>
                UpdateAsync(bucket, "a",
                    cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region)))).Message
                        .ShouldBe(NotSupported);
    }

    [Theory]
    [InlineData("alias/mine")]
    [InlineData("arn:aws:kms:eu-west-1:111111111111:alias/mine")]
    public async Task The_key_is_named_by_its_own_arn(string key)
    {
        var bucket = await cloud.NewBucket();
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" });
        await Expect.Problem(400, "InvalidRequest", () => UpdateAsync(bucket, "a", key));
    }

    private Task<UpdateObjectEncryptionResponse> UpdateAsync(string bucket, string key, string keyArn) =>
        S3.UpdateObjectEncryptionAsync(new UpdateObjectEncryptionRequest
        {
            BucketName = bucket, Key = key,
            ObjectEncryption = new ObjectEncryption { SSEKMS = new SSEKMSEncryption { KMSKeyArn = keyArn } },
        });

    private string KeyWithout(string action)
    {
        var actions = new[]
        {
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        }.Where(one => one != action);
        return cloud.Admin.CreateKey(LocalCloudAccounts.Platform, CloudFixture.Region, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},"Action":["{{string.Join("\",\"", actions)}}"],"Resource":"*"}]}
            """);
    }
}
