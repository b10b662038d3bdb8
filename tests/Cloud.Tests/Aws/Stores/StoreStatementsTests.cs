using Cloud.Aws;
using Cloud.Aws.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

public sealed class StoreStatementsTests
{
    private static readonly string[] Exempt = ["arn:aws:iam::1:role/op"];

    [Fact]
    public void Closing_names_no_action_of_the_control_plane()
    {
        var actions = StoreStatements.Closed(AwsPartition.Commercial, "b", Exempt)["Action"]!.AsArray()
            .Select(action => action!.ToString()).ToList();
        string[] controls = ["s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy", "s3:GetBucketTagging",
            "s3:PutEncryptionConfiguration", "s3:DeleteBucket"];
        controls.Where(control => actions.Exists(action => Matches(action, control))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("s3:GetObject")]
    [InlineData("s3:GetObjectVersion")]
    [InlineData("s3:ListBucket")]
    [InlineData("s3:ListBucketVersions")]
    [InlineData("s3:ListBucketMultipartUploads")]
    [InlineData("s3:PutObject")]
    [InlineData("s3:PutObjectTagging")]
    [InlineData("s3:DeleteObject")]
    [InlineData("s3:DeleteObjectVersion")]
    [InlineData("s3:AbortMultipartUpload")]
    [InlineData("s3:ReplicateDelete")]
    [InlineData("s3:RestoreObject")]
    public void Closing_covers_every_way_to_the_data(string action) =>
        StoreStatements.Closed(AwsPartition.Commercial, "b", Exempt)["Action"]!.AsArray()
            .Any(pattern => Matches(pattern!.ToString(), action)).ShouldBeTrue();

    [Theory]
    [InlineData("s3:PutObject")]
    [InlineData("s3:PutObjectTagging")]
    [InlineData("s3:DeleteObject")]
    [InlineData("s3:DeleteObjectVersion")]
    public void Marks_are_written_by_the_operator_alone(string action)
    {
        var marks = StoreStatements.Standing(AwsPartition.Commercial, "b", ["k"], tlsOnly: true, Exempt)
            .Single(statement => statement["Sid"]!.ToString() == "ByokMarks");
        marks["Action"]!.AsArray().Any(pattern => Matches(pattern!.ToString(), action)).ShouldBeTrue();
        marks["Resource"]!.ToString().ShouldBe("arn:aws:s3:::b/.byok/*");
        marks["Condition"]!["ArnNotLike"]!["aws:PrincipalArn"]!.ToString().ShouldBe(Exempt[0]);
    }

    [Fact]
    public void A_fence_ends_at_the_slash_so_that_no_neighbour_is_meant() =>
        Fence("acme/")["Resource"]!.ToString().ShouldBe("arn:aws:s3:::b/acme/*");

    [Fact]
    public void A_star_in_a_prefix_is_a_star() =>
        Fence("a*?$/")["Resource"]!.ToString().ShouldBe("arn:aws:s3:::b/a${*}${?}${$}/*");

    [Fact]
    public void A_fence_is_found_by_its_owner_and_gives_back_its_token()
    {
        var sid = Fence("acme/")["Sid"]!.ToString();
        StoreStatements.IsFenceOf("uid-1", sid).ShouldBeTrue();
        StoreStatements.IsFenceOf("uid-2", sid).ShouldBeFalse();
        StoreStatements.Token(sid).ShouldBe("0011");
        sid.ShouldAllBe(letter => char.IsAsciiLetterOrDigit(letter));
    }

    [Fact]
    public void A_fences_token_says_when_it_was_raised_and_what_is_no_token_says_nothing()
    {
        var raised = new DateTimeOffset(2027, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var token = SharedFence.NewToken(raised);
        token.Length.ShouldBe(16, "a Job is called after it, and a name holds 63 characters");
        SharedFence.RaisedAt(token).ShouldBe(raised);
        SharedFence.NewToken(raised).ShouldNotBe(token);
        foreach (var none in (string[])["", "0011", token + "0", " 123456789abcdef", "zzzzzzzz01234567"])
        {
            SharedFence.RaisedAt(none).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("aws-cn")]
    [InlineData("aws-us-gov")]
    public void Resources_are_named_in_the_partition(string partition) =>
        StoreStatements.Standing(AwsPartition.Find(partition)!, "b", ["k"], tlsOnly: true, Exempt)
            .ShouldAllBe(statement =>
                statement["Resource"]!.ToJsonString().Contains($"arn:{partition}:s3:::b/", StringComparison.Ordinal));

    [Fact]
    public void Twenty_kilobytes_hold_at_least_forty_fences_of_usual_names()
    {
        var policy = Enumerable.Range(0, 40)
            .Aggregate(BucketPolicy.Empty, (sum, tenant) => sum.With(StoreStatements.Fence(
                AwsPartition.Commercial,
                new SharedFence("platform-backups", $"tenants/acme-{tenant}/", $"uid-{tenant}", "0123456789abcdef"),
                ["arn:aws:iam::111111111111:role/byok-operator"])));
        policy.ToText().Length.ShouldBeLessThan(BucketPolicy.MostBytes);
    }

    private static System.Text.Json.Nodes.JsonObject Fence(string prefix) =>
        StoreStatements.Fence(AwsPartition.Commercial, new SharedFence("b", prefix, "uid-1", "0011"), Exempt);

    private static bool Matches(string pattern, string action) => pattern.EndsWith('*')
        ? action.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : action == pattern;
}
