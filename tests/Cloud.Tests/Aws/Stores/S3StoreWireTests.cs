using Cloud.Keys;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

/// <summary>What the control plane asks for and sends, over the real SDK.</summary>
public sealed class S3StoreWireTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static readonly StoreSpec Spec = new(new StoreRef("eu-west-1", "acme"), "uid-1",
        new KeyRef("eu-west-1", Arn), BucketKey: true, Versioned: false);

    [Fact]
    public async Task A_directory_bucket_is_no_place_to_move_from_and_nothing_is_asked_of_it()
    {
        var wire = new ScriptedWire(_ => throw new InvalidOperationException("asked"));
        using var cloud = wire.Cloud();
        var seen = await cloud.Stores.DescribeSharedAsync(
            new SharedRef(new StoreRef("eu-west-1", "backups--euw1-az1--x-s3"), "acme/"), "uid-1",
            CancellationToken.None);
        seen.Unfit!.Code.ShouldBe("DirectoryBucket");
        seen.Unfit.Message.ShouldContain("spec.shared");
    }

    [Fact]
    public async Task A_bucket_is_born_with_its_owner_so_that_a_crash_leaves_none_unowned()
    {
        var made = false;
        var policy = (string?)null;
        var wire = new ScriptedWire(request =>
        {
            if (request.Method == "PUT" && request.Uri.Query.Length == 0)
            {
                made = true;
            }

            if (request.Method == "PUT" && request.Asks("policy"))
            {
                policy = request.Body;
            }

            return request switch
            {
                { Method: "PUT" } => ScriptedWire.Xml(200, ""),
                _ when request.Asks("tagging") && !made => ScriptedWire.S3Error(404, "NoSuchBucket"),
                _ when request.Asks("tagging") => Tagged("uid-1"),
                _ when request.Asks("policy") && policy is null => ScriptedWire.S3Error(404, "NoSuchBucketPolicy"),
                _ => ScriptedWire.Json(200, policy!),
            };
        });
        using var cloud = wire.Cloud();
        await cloud.Stores.PrepareAsync(Spec, CancellationToken.None);
        var created = wire.Requests.First(request => request.Method == "PUT");
        created.Body.ShouldContain("<LocationConstraint>eu-west-1</LocationConstraint>");
        created.Body.ShouldContain("<Key>byok.dev/owner</Key><Value>uid-1</Value>");
        created.Headers["x-amz-object-ownership"].ShouldBe("BucketOwnerEnforced");
        wire.Requests.Count(request => request.Method == "PUT" && request.Asks("tagging")).ShouldBe(0);
    }

    [Fact]
    public async Task What_an_encryption_rule_blocks_besides_stays()
    {
        var policy = (string?)null;
        var wire = new ScriptedWire(request =>
        {
            policy = request.Method == "PUT" && request.Asks("policy") ? request.Body : policy;
            return request switch
            {
                { Method: "PUT" } => ScriptedWire.Xml(200, ""),
                _ when request.Asks("tagging") => Tagged("uid-1"),
                _ when request.Asks("encryption") => ScriptedWire.Xml(200, """
                    <ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>
                    <BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>
                    """),
                _ when request.Asks("policy") && policy is not null => ScriptedWire.Json(200, policy),
                _ when request.Asks("versioning") => ScriptedWire.Xml(200, "<VersioningConfiguration/>"),
                _ =>
                    ScriptedWire.S3Error(404, request.Asks("policy") ? "NoSuchBucketPolicy"
                        : "NoSuchPublicAccessBlockConfiguration"),
            };
        });
        using var cloud = wire.Cloud();
        await cloud.Stores.PrepareAsync(Spec, CancellationToken.None);
        var mended = wire.Requests.Single(request => request.Method == "PUT" && request.Asks("encryption")).Body;
        mended.ShouldContain("<EncryptionType>SSE-C</EncryptionType>");
        mended.ShouldContain($"<KMSMasterKeyID>{Arn}</KMSMasterKeyID>");
        mended.ShouldContain("<BucketKeyEnabled>true</BucketKeyEnabled>");
    }

    [Theory]
    [InlineData("<SSEAlgorithm>AES256</SSEAlgorithm>", "AES256", null)]
    [InlineData("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>alias/backups</KMSMasterKeyID>", "aws:kms",
        "alias/backups")]
    [InlineData("<SSEAlgorithm>aws:kms</SSEAlgorithm>", "aws:kms", null)]
    public async Task How_a_shared_bucket_encrypts_is_told_as_it_says_it(string standing, string algorithm, string? key)
    {
        using var cloud = new ScriptedWire(_ =>
            ScriptedWire.Xml(200,
                $"<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>{standing}</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>")).Cloud();
        (await cloud.Stores.SharedDefaultAsync(new StoreRef("eu-west-1", "backups"), CancellationToken.None))
            .ShouldBe(new SharedDefault(algorithm, key, BucketKey: true));
    }

    [Fact]
    public async Task A_shared_bucket_that_says_nothing_of_its_encryption_is_not_taken_for_one_that_does()
    {
        using var none =
            new ScriptedWire(_ => ScriptedWire.S3Error(404, "ServerSideEncryptionConfigurationNotFoundError")).Cloud();
        (await none.Stores.SharedDefaultAsync(new StoreRef("eu-west-1", "backups"), CancellationToken.None))
            .ShouldBeNull();
        using var forbidden = new ScriptedWire(_ => ScriptedWire.S3Error(403, "AccessDenied")).Cloud();
        (await Should.ThrowAsync<CloudException>(() =>
            forbidden.Stores.SharedDefaultAsync(new StoreRef("eu-west-1", "backups"), CancellationToken.None))).Problem
                .ShouldBeOfType<CloudProblem.Forbidden>();
    }

    [Fact]
    public async Task A_shared_bucket_of_another_region_is_no_place_to_move_from_or_to()
    {
        using var cloud = new ScriptedWire(_ => ScriptedWire.S3Error(301, "PermanentRedirect")).Cloud();
        var seen = await cloud.Stores.DescribeSharedAsync(new SharedRef(new StoreRef("eu-west-1", "backups"), "acme/"),
            "uid-1", CancellationToken.None);
        seen.Unfit!.Code.ShouldBe("SharedPlaceElsewhere");
    }

    [Theory]
    [InlineData(403, "AccessDenied", StoreOwnership.Forbidden)]
    [InlineData(404, "NoSuchBucket", StoreOwnership.Absent)]
    [InlineData(404, "NoSuchTagSet", StoreOwnership.Unmarked)]
    [InlineData(301, "PermanentRedirect", StoreOwnership.Stranger)]
    public async Task Whose_a_bucket_is_follows_from_one_answer(int status, string code, StoreOwnership ownership)
    {
        using var cloud = new ScriptedWire(_ => ScriptedWire.S3Error(status, code)).Cloud();
        (await cloud.Stores.DescribeAsync(Spec, CancellationToken.None)).Ownership.ShouldBe(ownership);
    }

    [Theory]
    [InlineData(403, "InvalidAccessKeyId", typeof(CloudProblem.OwnCredentials))]
    [InlineData(400, "ExpiredToken", typeof(CloudProblem.OwnCredentials))]
    [InlineData(503, "SlowDown", typeof(CloudProblem.Throttled))]
    [InlineData(500, "InternalError", typeof(CloudProblem.Unreachable))]
    public async Task What_could_not_be_asked_makes_no_bucket_absent_or_strange(int status, string code, Type problem)
    {
        using var cloud = new ScriptedWire(_ => ScriptedWire.S3Error(status, code)).Cloud();
        (await Should.ThrowAsync<CloudException>(() =>
            cloud.Stores.DescribeAsync(Spec, CancellationToken.None))).Problem.ShouldBeOfType(problem);
    }

    [Fact]
    public async Task Another_owners_tag_is_a_strangers()
    {
        using var cloud = new ScriptedWire(_ => Tagged("uid-2")).Cloud();
        (await cloud.Stores.DescribeAsync(Spec, CancellationToken.None)).Ownership.ShouldBe(StoreOwnership.Stranger);
    }

    [Fact]
    public async Task A_bucket_of_another_account_is_asked_for_with_ours_expected()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.S3Error(403, "AccessDenied"));
        using var cloud = wire.Cloud();
        await cloud.Stores.DescribeAsync(Spec, CancellationToken.None);
        wire.Requests.ShouldAllBe(request => request.Headers["x-amz-expected-bucket-owner"] == "111111111111");
    }

    internal static HttpResponseMessage Tagged(string owner) =>
        ScriptedWire.Xml(200,
            $"<Tagging><TagSet><Tag><Key>byok.dev/owner</Key><Value>{owner}</Value></Tag></TagSet></Tagging>");
}
