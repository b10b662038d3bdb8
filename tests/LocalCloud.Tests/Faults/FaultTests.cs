using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Faults;

public sealed class FaultTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task Throttling_speaks_each_services_words()
    {
        var bucket = await cloud.NewBucket();
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle())
            {
                Service = "s3",
                Bucket = bucket,
                Operation = "ListObjectsV2",
                Count = 1,
            });
        await Expect.Problem(503, "SlowDown", () => List(bucket));
        await List(bucket);
        var rule = cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "kms", Operation = "ListKeys", Count = 1 });
        await Expect.Problem(400, "ThrottlingException", () => cloud.OperatorKms.ListKeysAsync(new ListKeysRequest()));
        cloud.Admin.FaultStrikes(rule).ShouldBe(1);
    }

    [Fact]
    public async Task A_lost_answer_took_effect_and_a_dropped_request_did_not()
    {
        var bucket = await cloud.NewBucket();
        cloud.Admin.AddFault(new FaultRule(new FaultEffect.Drop()) { Bucket = bucket, KeyPrefix = "dropped" });
        cloud.Admin.AddFault(new FaultRule(new FaultEffect.LoseAnswer()) { Bucket = bucket, KeyPrefix = "lost" });
        await Should.ThrowAsync<Exception>(() => Put(bucket, "dropped"));
        await Should.ThrowAsync<Exception>(() => Put(bucket, "lost"));
        (await List(bucket)).S3Objects.Select(one => one.Key).ShouldBe(["lost"]);
    }

    [Fact]
    public async Task A_turnstile_lets_through_as_many_as_it_was_told_and_then_everybody()
    {
        var (bucket, turnstile) = (await cloud.NewBucket(), new Turnstile());
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Bucket = bucket, Operation = "PutObject" });
        var puts = Enumerable.Range(0, 5).Select(number => Put(bucket, $"{number}")).ToList();
        while (turnstile.Arrived < 5)
        {
            await Task.WhenAny(Task.WhenAny(puts), Task.Delay(10));
            puts.ShouldAllBe(put => !put.IsCompleted, "nobody was let through yet");
        }

        turnstile.Admit(2);
        while (puts.Count(put => put.IsCompleted) < 2)
        {
            await Task.WhenAny(puts.Where(put => !put.IsCompleted));
        }

        (await List(bucket)).S3Objects.Count.ShouldBe(2);
        (turnstile.Passed, turnstile.Arrived).ShouldBe((2, 5));

        turnstile.Open();
        await Task.WhenAll(puts);
        (await List(bucket)).S3Objects.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_copy_may_answer_200_with_an_error_in_it()
    {
        var bucket = await cloud.NewBucket();
        await Put(bucket, "a");
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.ErrorUnder200("InternalError"))
            {
                Bucket = bucket,
                Operation = "CopyObject",
                Count = 1,
            });
        await Should.ThrowAsync<AmazonS3Exception>(() => cloud.OperatorS3.CopyObjectAsync(bucket, "a", bucket, "b"));
        (await List(bucket)).S3Objects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_unreachable_KMS_answers_nobody_and_S3_says_503()
    {
        await using var server = await LocalCloudServer.StartAsync();
        using var kms = new Amazon.KeyManagementService.AmazonKeyManagementServiceClient(CloudFixture.Tenant,
            new Amazon.KeyManagementService.AmazonKeyManagementServiceConfig
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
                MaxErrorRetry = 0,
            });
        using var s3 = new AmazonS3Client(CloudFixture.Operator,
            new AmazonS3Config
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
                ForcePathStyle = true,
                MaxErrorRetry = 0,
            });
        server.Admin.CreateBucket("some", CloudFixture.Region, LocalCloudAccounts.Platform);
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = "some",
                Key = "a",
                ContentBody = "x",
                ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
            });
        server.Admin.KmsUnreachable = true;
        var problem = await Should.ThrowAsync<Exception>(() => kms.ListKeysAsync(new ListKeysRequest()));
        (problem as AmazonServiceException)?.ErrorCode.ShouldBeNullOrEmpty();
        await Expect.Problem(503, "ServiceUnavailable", () => s3.GetObjectAsync("some", "a"));
        server.Admin.KmsUnreachable = false;
        (await s3.GetObjectAsync("some", "a")).Dispose();
    }

    [Fact]
    public async Task A_body_is_cut_and_the_clock_is_off_when_a_test_wants_it()
    {
        var bucket = await cloud.NewBucket();
        await cloud.OperatorS3.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "a", ContentBody = new string('x', 100_000) });
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.CutBody(1000)) { Bucket = bucket, Operation = "GetObject", Count = 1 });
        await Should.ThrowAsync<Exception>(async () =>
        {
            using var got = await cloud.OperatorS3.GetObjectAsync(bucket, "a");
            await got.ResponseStream.CopyToAsync(Stream.Null);
        });
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.ClockSkew()) { Bucket = bucket, Operation = "PutObject", Count = 1 });
        await Expect.Problem(403, "RequestTimeTooSkewed", () => Put(bucket, "b"));
    }

    [Fact]
    public async Task KMS_may_fail_S3_alone()
    {
        var bucket = await cloud.NewBucket();
        var key = cloud.NewTenantKey();
        Task<PutObjectResponse> Write() =>
            cloud.OperatorS3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = "a",
                    ContentBody = "x",
                    ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                    ServerSideEncryptionKeyManagementServiceKeyId = key,
                });
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = FaultRule.KmsViaS3, Bucket = bucket, Count = 1 });
        await Expect.Problem(400, "ThrottlingException", Write);
        await Write();
        cloud.Admin.Count(FaultRule.KmsViaS3, "GenerateDataKey", LocalCloudAccounts.OperatorRole).ShouldBe(2);
    }

    [Fact]
    public async Task A_seed_fixes_whom_a_probability_strikes()
    {
        var bucket = await cloud.NewBucket();
        var stories = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            var rule = cloud.Admin.AddFault(
                new FaultRule(new FaultEffect.Fail(500)) { Bucket = bucket, Probability = 0.5, Seed = 11 });
            var story = "";
            for (var i = 0; i < 12; i++)
            {
                story += await Succeeds(() => List(bucket)) ? '.' : 'x';
            }

            cloud.Admin.RemoveFault(rule);
            stories.Add(story);
        }

        stories[0].ShouldBe(stories[1]);
        stories[0].ShouldContain('x');
        stories[0].ShouldContain('.');
    }

    [Fact]
    public async Task Permission_may_come_minutes_late()
    {
        await using var server = await LocalCloudServer.StartAsync();
        server.Admin.CreateBucket("late", CloudFixture.Region, LocalCloudAccounts.Platform);
        using var s3 = new AmazonS3Client(CloudFixture.Operator,
            new AmazonS3Config
            {
                ServiceURL = server.Url.ToString(),
                AuthenticationRegion = CloudFixture.Region,
                ForcePathStyle = true,
                MaxErrorRetry = 0,
            });
        server.Admin.AddFault(
            new FaultRule(new FaultEffect.Deny())
            {
                PrincipalArn = LocalCloudAccounts.OperatorRole,
                For = TimeSpan.FromMinutes(5),
            });
        await Expect.Problem(403, "AccessDenied",
            () => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "late" }));
        server.Admin.ClockOffset = TimeSpan.FromMinutes(6);
        await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "late" });
    }

    private static async Task<bool> Succeeds(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (AmazonServiceException)
        {
            return false;
        }
    }

    private Task<ListObjectsV2Response> List(string bucket) =>
        cloud.OperatorS3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });

    private Task<PutObjectResponse> Put(string bucket, string key) =>
        cloud.OperatorS3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" });
}
