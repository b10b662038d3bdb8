using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

/// <summary>What S3 refuses of a policy when it is put, and what it goes by once it stands.</summary>
public sealed class BucketPolicyTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private static string Platform => $"arn:aws:iam::{LocalCloudAccounts.Platform}";

    [Theory]
    [InlineData("""{"AWS":"arn:aws:iam::111111111111:role/nobody"}""")]
    [InlineData("""{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:user/nobody"]}""")]
    [InlineData("""{"AWS":"999999999999"}""")]
    [InlineData("""{"AWS":"arn:aws:iam::999999999999:root"}""")]
    [InlineData("""{"AWS":"AROADBQP57FF2AEXAMPLE"}""")]
    [InlineData("""{"AWS":"arn:aws:sts::111111111111:assumed-role/nobody/session"}""")]
    [InlineData("\"nobody\"")]
    public async Task A_principal_that_is_not_there_is_refused(string principal) =>
        (await Expect.Problem(400, "MalformedPolicy",
            async () =>
                await Put(await cloud.NewBucket(), Allow(principal)))).Message.ShouldBe("Invalid principal in policy");

    [Theory]
    [InlineData(
        """{"AWS":["111111111111","arn:aws:iam::222222222222:root","arn:aws:iam::111111111111:role/byok-workload"]}""")]
    [InlineData("""{"AWS":"arn:aws:sts::111111111111:assumed-role/byok-workload/local"}""")]
    [InlineData("""{"Service":"logging.s3.amazonaws.com"}""")]
    public async Task A_principal_that_is_there_is_taken(string principal) =>
        await Put(await cloud.NewBucket(), Allow(principal));

    [Fact]
    public async Task A_role_that_is_deleted_shows_as_its_id_and_what_stands_goes_on_in_force()
    {
        var bucket = await cloud.NewBucket();
        var role = $"{Platform}:role/{cloud.Name("gone")}";
        cloud.Admin.AddPrincipal(role);
        await Put(bucket, Allow($$"""{"AWS":"{{role}}"}"""), Deny("\"*\"", "s3:DeleteObject"));

        var id = cloud.Admin.DeletePrincipal(role);

        id.ShouldStartWith("AROA");
        var standing = (await cloud.OperatorS3.GetBucketPolicyAsync(bucket)).Policy;
        standing.ShouldContain(id);
        standing.ShouldNotContain(role);
        await Expect.Problem(403, "AccessDenied", () => cloud.OperatorS3.DeleteObjectAsync(bucket, "a"));
        await Expect.Problem(400, "MalformedPolicy", () => cloud.OperatorS3.PutBucketPolicyAsync(bucket, standing));
        cloud.Admin.AddPrincipal(role);
        await Expect.Problem(400, "MalformedPolicy", () => cloud.OperatorS3.PutBucketPolicyAsync(bucket, standing));
        await Put(bucket, Allow($$"""{"AWS":"{{role}}"}"""));
        cloud.Admin.DeletePrincipal(role).ShouldNotBe(id, "made again it is another");
    }

    [Theory]
    [InlineData("\"*\"", "", true)]
    [InlineData("""{"AWS":"*"}""", "", true)]
    [InlineData("\"*\"", ""","Condition":{"StringLike":{"aws:SourceArn":"arn:aws:s3:::*"}}""", true)]
    [InlineData("\"*\"", ""","Condition":{"StringEquals":{"s3:prefix":"acme/"}}""", true)]
    [InlineData("\"*\"", ""","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}""", false)]
    [InlineData("\"*\"", ""","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}""", false)]
    [InlineData("""{"AWS":"111111111111"}""", "", false)]
    public async Task A_statement_for_everybody_is_public_unless_a_fixed_value_narrows_it(
        string principal, string condition, bool isPublic)
    {
        var bucket = await cloud.NewBucket();
        var statement = Allow(principal, condition);
        if (isPublic)
        {
            await Expect.Problem(403, "AccessDenied", () => Put(bucket, statement));
            await Block(bucket, isBlocked: false);
        }

        await Put(bucket, statement);
        await Block(bucket, isBlocked: true);
        (await cloud.OperatorS3.GetBucketPolicyAsync(bucket)).Policy
            .ShouldContain("Allow", customMessage: "what stands is not judged again");
    }

    [Fact]
    public async Task Who_shuts_himself_out_has_to_say_that_he_means_it()
    {
        var bucket = await cloud.NewBucket();
        var policy = Policy(bucket, Deny("\"*\"", "s3:PutBucketPolicy"));
        await Expect.Problem(403, "AccessDenied", () => cloud.OperatorS3.PutBucketPolicyAsync(bucket, policy));
        await cloud.OperatorS3.PutBucketPolicyAsync(
            new PutBucketPolicyRequest { BucketName = bucket, Policy = policy, ConfirmRemoveSelfBucketAccess = true });
        await Expect.Problem(403, "AccessDenied", () => cloud.OperatorS3.PutBucketPolicyAsync(bucket, policy));
        await cloud.OperatorS3.DeleteBucketPolicyAsync(bucket);
        await Put(bucket, Deny("\"*\"", "s3:GetObjectTorrent"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Statement":7}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":7,"Action":"s3:GetObject","Resource":"*"}]}""")]
    public async Task What_is_no_policy_is_refused(string text) =>
        await Expect.Problem(400, "MalformedPolicy",
            async () => await cloud.OperatorS3.PutBucketPolicyAsync(await cloud.NewBucket(), text));

    private static string Allow(string principal, string condition = "") =>
        Statement("Allow", principal, "s3:GetObject", condition);

    private static string Deny(string principal, string action) => Statement("Deny", principal, action);

    private static string Statement(string effect, string principal, string action, string condition = "") =>
        $$"""{"Effect":"{{effect}}","Principal":{{principal}},"Action":"{{action}}","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"]{{condition}} }""";

    private static string Policy(string bucket, params string[] statements) =>
        $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""".Replace("BUCKET", bucket,
            StringComparison.Ordinal);

    private Task Put(string bucket, params string[] statements) =>
        cloud.OperatorS3.PutBucketPolicyAsync(bucket, Policy(bucket, statements));

    private Task Block(string bucket, bool isBlocked) =>
        cloud.OperatorS3.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration { BlockPublicPolicy = isBlocked },
        });
}
