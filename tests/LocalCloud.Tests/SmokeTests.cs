using System.Text;
using Amazon.KeyManagementService.Model;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests;

public sealed class SmokeTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task A_data_key_made_by_the_real_SDK_opens_again()
    {
        var key = (await cloud.TenantKms.CreateKeyAsync(new CreateKeyRequest { Description = "smoke" })).KeyMetadata;
        var made = await cloud.TenantKms.GenerateDataKeyAsync(
            new GenerateDataKeyRequest
            {
                KeyId = key.Arn,
                KeySpec = Amazon.KeyManagementService.DataKeySpec.AES_256,
                EncryptionContext = new() { ["tenant"] = "acme" },
            });
        var opened = await cloud.TenantKms.DecryptAsync(
            new DecryptRequest
            {
                CiphertextBlob = made.CiphertextBlob,
                EncryptionContext = new() { ["tenant"] = "acme" },
            });
        opened.Plaintext.ToArray().ShouldBe(made.Plaintext.ToArray());
        opened.KeyId.ShouldBe(key.Arn);
    }

    [Fact]
    public async Task An_object_under_a_tenants_key_is_written_copied_listed_and_read()
    {
        var bucket = await cloud.NewBucket();
        var key = cloud.NewTenantKey();
        var put = await cloud.OperatorS3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket,
            Key = "a/ü b+c.txt",
            ContentBody = "hello",
            ServerSideEncryptionMethod = Amazon.S3.ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key,
        });
        put.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(key);
        await cloud.OperatorS3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = "a/ü b+c.txt",
                DestinationBucket = bucket,
                DestinationKey = "copy",
            });
        (await cloud.OperatorS3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects
            .Select(one => one.Key).ShouldBe(["a/ü b+c.txt", "copy"]);
        using var got = await cloud.OperatorS3.GetObjectAsync(bucket, "copy");
        using var reader = new StreamReader(got.ResponseStream, Encoding.UTF8);
        (await reader.ReadToEndAsync()).ShouldBe("hello");
    }
}
