using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Sts;

public sealed class IdentityTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task A_caller_learns_who_it_is()
    {
        var me = await cloud.Sts(CloudFixture.Operator).GetCallerIdentityAsync(new GetCallerIdentityRequest());
        (me.Account,
            me.Arn).ShouldBe(
                (LocalCloudAccounts.Platform, "arn:aws:sts::111111111111:assumed-role/byok-operator/local"));
    }

    [Fact]
    public async Task A_role_is_assumed_with_its_external_id_and_not_without()
    {
        var sts = cloud.Sts(CloudFixture.Operator);
        Task<AssumeRoleResponse> Assume(string? externalId) =>
            sts.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = LocalCloudAccounts.TenantAccessRole,
                    RoleSessionName = "probe",
                    ExternalId = externalId,
                });
        await Expect.Problem(403, "AccessDenied", () => Assume(null));
        await Expect.Problem(403, "AccessDenied", () => Assume("wrong"));
        var issued = (await Assume(LocalCloudAccounts.TenantExternalId)).Credentials;
        var key = cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, CloudFixture.Region);
        (await cloud.Kms(issued).DescribeKeyAsync(key)).KeyMetadata.Arn.ShouldBe(key);
        cloud.Admin.ExpireAccessKey(issued.AccessKeyId);
        await Expect.Problem(400, "ExpiredTokenException", () => cloud.Kms(issued).DescribeKeyAsync(key));
        await Expect.Problem(400, "ExpiredToken", () => cloud.S3(issued).ListBucketsAsync());
        await Expect.Problem(403, "ExpiredToken",
            () => cloud.Sts(issued).GetCallerIdentityAsync(new GetCallerIdentityRequest()));
    }

    [Fact]
    public async Task Unknown_keys_and_wrong_secrets_are_told_apart()
    {
        var unknown = new BasicAWSCredentials("AKIANOBODY", "x");
        var wrong = new BasicAWSCredentials(LocalCloudAccounts.OperatorAccessKey, "x");
        await Expect.Problem(403, "InvalidAccessKeyId", () => cloud.S3(unknown).ListBucketsAsync());
        await Expect.Problem(400, "UnrecognizedClientException",
            () => cloud.Kms(unknown).ListKeysAsync(new Amazon.KeyManagementService.Model.ListKeysRequest()));
        await Expect.Problem(403, "InvalidClientTokenId",
            () => cloud.Sts(unknown).GetCallerIdentityAsync(new GetCallerIdentityRequest()));
        await Expect.Problem(403, "SignatureDoesNotMatch", () => cloud.S3(wrong).ListBucketsAsync());
        await Expect.Problem(400, "InvalidSignatureException",
            () => cloud.Kms(wrong).ListKeysAsync(new Amazon.KeyManagementService.Model.ListKeysRequest()));
    }

    [Fact]
    public async Task An_identity_policy_limits_its_access_key()
    {
        cloud.Admin.AddAccessKey("AKIALIMITED", "limited", "arn:aws:iam::111111111111:user/limited");
        cloud.Admin.SetIdentityPolicy("AKIALIMITED",
            """{"Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}""");
        var bucket = await cloud.NewBucket();
        var s3 = cloud.S3(new BasicAWSCredentials("AKIALIMITED", "limited"));
        await s3.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = bucket });
        await Expect.Problem(403, "AccessDenied",
            () =>
                s3.PutObjectAsync(
                    new Amazon.S3.Model.PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = "x" }));
        cloud.Admin.AllowedTo("AKIALIMITED").ShouldBe(["s3:ListBucket"]);
    }

    /// <summary>No resource is there yet whose policy could have a word in it.</summary>
    [Fact]
    public async Task To_make_and_to_list_what_there_is_takes_permissions_of_ones_own()
    {
        cloud.Admin.AddAccessKey("AKIAMAKER", "maker", "arn:aws:iam::111111111111:user/maker");
        var (s3, kms) = (cloud.S3(new BasicAWSCredentials("AKIAMAKER", "maker")),
            cloud.Kms(new BasicAWSCredentials("AKIAMAKER", "maker")));
        Amazon.S3.Model.PutBucketRequest Bucket(bool isTagged) => new()
        {
            BucketName = $"made-{Guid.NewGuid():n}", UseClientRegion = false,
            PutBucketConfiguration = new() { LocationConstraint = "eu-west-1", Tags = isTagged
                ? [new() { Key = "owner", Value = "me" }] : null },
        };

        var bare = """{"Effect":"Allow","Action":["s3:CreateBucket","s3:GetBucketTagging"],"Resource":"*"}""";
        cloud.Admin.SetIdentityPolicy("AKIAMAKER", $$"""{"Statement":[{{bare}}]}""");
        await s3.PutBucketAsync(Bucket(isTagged: false));
        await Expect.Problem(403, "AccessDenied", () => s3.PutBucketAsync(Bucket(isTagged: true)));
        await Expect.Problem(403, "AccessDenied", () => s3.ListBucketsAsync());
        await Expect.Problem(400, "AccessDeniedException",
            () => kms.ListKeysAsync(new Amazon.KeyManagementService.Model.ListKeysRequest()));
        await Expect.Problem(400, "AccessDeniedException",
            () => kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest()));

        var tags =
            """{"Effect":"Allow","Action":"s3:TagResource","Resource":"*"},{"Effect":"Allow","Action":["kms:CreateKey","kms:TagResource"],"Resource":"*","Condition":{"Null":{"aws:RequestTag/owner":"false"}}}""";
        cloud.Admin.SetIdentityPolicy("AKIAMAKER", $$"""{"Statement":[{{bare}},{{tags}}]}""");
        var tagged = Bucket(isTagged: true);
        await s3.PutBucketAsync(tagged);
        (await s3.GetBucketTaggingAsync(new() { BucketName = tagged.BucketName })).TagSet.ShouldHaveSingleItem().Value
            .ShouldBe("me");
        await Expect.Problem(400, "AccessDeniedException",
            () => kms.CreateKeyAsync(new Amazon.KeyManagementService.Model.CreateKeyRequest()));
        await kms.CreateKeyAsync(
            new Amazon.KeyManagementService.Model.CreateKeyRequest
            {
                Tags = [new() { TagKey = "owner", TagValue = "me" }],
            });
    }
}
