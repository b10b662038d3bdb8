using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Aws.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

public sealed class BucketPolicyTests
{
    private const string Foreign = """
        {"Version":"2008-10-17","Id":"theirs","Statement":[
          {"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root"]},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":true}}},
          {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/ü<&+'"}]}
        """;

    private static readonly string[] Exempt = ["arn:aws:iam::1:role/op"];

    private static JsonObject Closed => StoreStatements.Closed(AwsPartition.Commercial, "b", Exempt);

    [Fact]
    public void Adding_and_taking_away_leaves_foreign_statements_and_fields_as_they_were()
    {
        var back = BucketPolicy.Parse(BucketPolicy.Parse(Foreign).With(Closed).ToText())
            .Without(sid => sid == StoreStatements.ClosedSid).ToText();
        JsonNode.DeepEquals(JsonNode.Parse(back), JsonNode.Parse(Foreign)).ShouldBeTrue();
    }

    [Fact]
    public void A_single_statement_outside_a_list_is_kept()
    {
        const string Single = """{"Statement":{"Sid":"Theirs","Effect":"Deny"}}""";
        BucketPolicy.Parse(Single).With(Closed).Sids.ShouldBe(["Theirs", StoreStatements.ClosedSid]);
    }

    [Fact]
    public void A_statement_of_ours_replaces_the_one_of_its_Sid()
    {
        var other = StoreStatements.Closed(AwsPartition.Commercial, "b", ["arn:aws:iam::1:role/renamed"]);
        var policy = BucketPolicy.Empty.With(other).With(Closed);
        policy.Sids.ShouldBe([StoreStatements.ClosedSid]);
        policy.Holds(Closed).ShouldBeTrue();
        policy.Holds(other).ShouldBeFalse();
    }

    [Fact]
    public void Another_spelling_of_the_same_statement_is_the_same()
    {
        var text = BucketPolicy.Empty.With(Closed).ToText()
            .Replace("\"Principal\":\"*\"", "\"Principal\":{\"AWS\":[\"*\"]}", StringComparison.Ordinal)
            .Replace($"\"{Exempt[0]}\"", $"[\"{Exempt[0]}\"]", StringComparison.Ordinal);
        BucketPolicy.Parse(text).Holds(Closed).ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"Deny\"", "\"Allow\"")]
    [InlineData("s3:GetObject*", "s3:GetObjectAcl")]
    [InlineData("\"ArnNotLike\"", "\"ArnLike\"")]
    [InlineData("role/op", "role/*")]
    [InlineData("arn:aws:s3:::b/*", "arn:aws:s3:::b/x")]
    public void An_altered_statement_is_not_ours_any_more(string from, string to) =>
        BucketPolicy.Parse(BucketPolicy.Empty.With(Closed).ToText().Replace(from, to, StringComparison.Ordinal))
            .Holds(Closed).ShouldBeFalse();

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"Statement":[],"Statement":[{"Sid":"x"}]}""")]
    public void A_policy_that_can_not_be_read_is_never_written_over(string text) =>
        Should.Throw<CloudException>(() => BucketPolicy.Parse(text)).Problem.Code.ShouldBe("PolicyUnreadable");
}
