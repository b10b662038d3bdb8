using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

public sealed class BucketTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task A_name_is_taken_by_its_owner_or_by_a_stranger()
    {
        var bucket = await cloud.NewBucket();
        await Expect.Problem(409, "BucketAlreadyOwnedByYou", () => Create(cloud.OperatorS3, bucket));
        await Expect.Problem(409, "BucketAlreadyExists", () => Create(cloud.S3(CloudFixture.Tenant), bucket));
        await Expect.Problem(400, "InvalidBucketName", () => Create(cloud.OperatorS3, "No_Good"));
        (await cloud.OperatorS3.GetBucketLocationAsync(
            new GetBucketLocationRequest { BucketName = bucket })).Location.Value.ShouldBe(CloudFixture.Region);
    }

    [Fact]
    public async Task Only_an_empty_bucket_is_deleted_and_versions_count()
    {
        var bucket = await cloud.NewBucket();
        await Versioned(bucket);
        await Put(bucket, "a");
        await cloud.OperatorS3.DeleteObjectAsync(bucket, "a");
        await Expect.Problem(409, "BucketNotEmpty", () => cloud.OperatorS3.DeleteBucketAsync(bucket));
        foreach (var version in (await cloud.OperatorS3.ListVersionsAsync(bucket)).Versions)
        {
            await cloud.OperatorS3.DeleteObjectAsync(bucket, version.Key, version.VersionId);
        }

        await cloud.OperatorS3.DeleteBucketAsync(bucket);
        await Expect.Problem(404, "NoSuchBucket",
            () => cloud.OperatorS3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }));
    }

    [Fact]
    public async Task A_policy_is_kept_limited_and_removed()
    {
        var bucket = await cloud.NewBucket();
        (await cloud.OperatorS3.GetBucketPolicyAsync(bucket)).HttpStatusCode
            .ShouldBe(HttpStatusCode.NotFound,
                "the SDK throws nothing here: it gives the error document out as the policy");
        var policy = Deny(bucket, "s3:GetObject", "a");
        await cloud.OperatorS3.PutBucketPolicyAsync(bucket, policy);
        (await cloud.OperatorS3.GetBucketPolicyAsync(bucket)).Policy.ShouldBe(policy);
        await Expect.Problem(400, "PolicyTooLarge",
            () =>
                cloud.OperatorS3.PutBucketPolicyAsync(bucket,
                    policy.Replace("\"Deny\"", "\"Deny\"," + "\"Sid\":\"" + new string('x', 21_000) + "\"",
                        StringComparison.Ordinal)));
        await Expect.Problem(400, "MalformedPolicy",
            () => cloud.OperatorS3.PutBucketPolicyAsync(bucket, Deny("another", "s3:GetObject", "a")));
        await cloud.OperatorS3.DeleteBucketPolicyAsync(bucket);
        (await cloud.OperatorS3.GetBucketPolicyAsync(bucket)).HttpStatusCode
            .ShouldBe(HttpStatusCode.NotFound,
                "the SDK throws nothing here: it gives the error document out as the policy");
    }

    [Fact]
    public async Task A_deny_closes_for_everybody_but_the_principal_it_spares()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        await cloud.OperatorS3.PutBucketPolicyAsync(bucket, $$"""
            {"Statement":[{"Sid":"Closed","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"],
              "Condition":{"ArnNotEquals":{"aws:PrincipalArn":"{{LocalCloudAccounts.OperatorRole}}"} } }]}
            """);
        var workload = cloud.S3(CloudFixture.Workload);
        await Expect.Problem(403, "AccessDenied",
            () => workload.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }));
        await Expect.Problem(403, "AccessDenied", () => workload.GetObjectAsync(bucket, "a"));
        await Expect.Problem(403, "AccessDenied", () => workload.DeleteObjectAsync(bucket, "a"));
        await cloud.OperatorS3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });
    }

    [Fact]
    public async Task A_fence_on_a_prefix_stops_writes_there_and_only_there()
    {
        var bucket = await cloud.NewBucket();
        await cloud.OperatorS3.PutBucketPolicyAsync(bucket, Deny(bucket, "s3:PutObject", "acme/*"));
        await Expect.Problem(403, "AccessDenied", () => Put(bucket, "acme/a"));
        await Put(bucket, "acme2/a");
    }

    [Theory]
    [InlineData("""{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}""", false)]
    [InlineData("""{"StringNotEqualsIfExists":{"s3:x-amz-server-side-encryption":"aws:kms"}}""", false)]
    [InlineData("""{"Null":{"s3:x-amz-server-side-encryption":"true"}}""", false)]
    [InlineData("""{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}""", true)]
    [InlineData("""{"Bool":{"aws:SecureTransport":"false"}}""", true)]
    public async Task A_write_without_encryption_headers_meets_a_deny(string condition, bool passes)
    {
        var bucket = await cloud.NewBucket();
        await cloud.OperatorS3.PutBucketPolicyAsync(bucket,
            $$"""{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::{{bucket}}/*","Condition":{{condition}} }]}""");
        if (passes)
        {
            await Put(bucket, "a");
        }
        else
        {
            await Expect.Problem(403, "AccessDenied", () => Put(bucket, "a"));
        }
    }

    [Fact]
    public async Task Another_account_needs_an_allow()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        var tenant = cloud.S3(CloudFixture.Tenant);
        await Expect.Problem(403, "AccessDenied", () => tenant.GetObjectAsync(bucket, "a"));
        await cloud.OperatorS3.PutBucketPolicyAsync(bucket,
            $$"""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{LocalCloudAccounts.Tenant}}:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}]}""");
        (await tenant.GetObjectAsync(bucket, "a")).Dispose();
        await Expect.Problem(403, "AccessDenied", () => tenant.GetObjectAsync(bucket, "missing"));
        await Expect.Problem(404, "NoSuchKey", () => cloud.OperatorS3.GetObjectAsync(bucket, "missing"));
    }

    [Fact]
    public async Task Plain_HTTP_is_insecure_if_the_options_say_so()
    {
        await using var server = await LocalCloudServer.StartAsync(new LocalCloudOptions { TreatHttpAsSecure = false });
        server.Admin.CreateBucket("strict", CloudFixture.Region, LocalCloudAccounts.Platform);
        using var s3 = new AmazonS3Client(CloudFixture.Operator,
            new AmazonS3Config
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
                ForcePathStyle = true,
            });
        await s3.PutBucketPolicyAsync("strict",
            """{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::strict/*","Condition":{"Bool":{"aws:SecureTransport":"false"} } }]}""");
        await Expect.Problem(403, "AccessDenied",
            () => s3.PutObjectAsync(new PutObjectRequest { BucketName = "strict", Key = "a", ContentBody = "x" }));
    }

    [Fact]
    public async Task Kept_configurations_come_back()
    {
        var bucket = await cloud.NewBucket();
        var s3 = cloud.OperatorS3;
        await Expect.Problem(404, "NoSuchTagSet",
            () => s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = bucket }));
        await s3.PutBucketTaggingAsync(bucket, [new Tag { Key = "byok.dev/owner", Value = "acme" }]);
        (await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = bucket })).TagSet.Single().Value
            .ShouldBe("acme");
        await s3.PutPublicAccessBlockAsync(
            new PutPublicAccessBlockRequest
            {
                BucketName = bucket,
                PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
                {
                    BlockPublicAcls = true,
                    BlockPublicPolicy = false,
                    IgnorePublicAcls = true,
                    RestrictPublicBuckets = true,
                },
            });
        (await s3.GetPublicAccessBlockAsync(
            new GetPublicAccessBlockRequest { BucketName = bucket })).PublicAccessBlockConfiguration.BlockPublicPolicy
                .ShouldBe(false);
        await s3.PutBucketOwnershipControlsAsync(
            new PutBucketOwnershipControlsRequest
            {
                BucketName = bucket,
                OwnershipControls = new OwnershipControls
                {
                    Rules = [new OwnershipControlsRule { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }],
                },
            });
        (await s3.GetBucketOwnershipControlsAsync(
            new GetBucketOwnershipControlsRequest { BucketName = bucket })).OwnershipControls.Rules
                .Single().ObjectOwnership.ShouldBe(ObjectOwnership.BucketOwnerEnforced);
        (await s3.GetBucketVersioningAsync(bucket)).VersioningConfig.Status.ShouldBe(VersionStatus.Off);
        await Versioned(bucket);
        (await s3.GetBucketVersioningAsync(bucket)).VersioningConfig.Status.ShouldBe(VersionStatus.Enabled);
        (await s3.ListBucketsAsync()).Buckets.Select(one => one.BucketName).ShouldContain(bucket);
    }

    [Fact]
    public async Task A_public_policy_is_refused_while_public_access_is_blocked()
    {
        var bucket = await cloud.NewBucket();
        await Expect.Problem(403, "AccessDenied",
            () =>
                cloud.OperatorS3.PutBucketPolicyAsync(bucket,
                    $$"""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{bucket}}/*"}]}"""));
    }

    private static string Deny(string bucket, string action, string key) =>
        $$"""{"Statement":[{"Effect":"Deny","Principal":"*","Action":"{{action}}","Resource":"arn:aws:s3:::{{bucket}}/{{key}}"}]}""";

    private Task Versioned(string bucket) =>
        cloud.OperatorS3.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = bucket,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });

    private Task Put(string bucket, string key) =>
        cloud.OperatorS3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" });

    private static Task Create(IAmazonS3 s3, string bucket) =>
        s3.PutBucketAsync(new PutBucketRequest { BucketName = bucket, BucketRegionName = CloudFixture.Region });
}
