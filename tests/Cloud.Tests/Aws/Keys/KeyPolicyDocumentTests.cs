using System.Text.Json.Nodes;
using Cloud.Aws.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

public sealed class KeyPolicyDocumentTests
{
    private const string Id = "1234abcd-12ab-34cd-56ef-1234567890ab";

    [Theory]
    [InlineData("aws", "eu-west-1", "s3.eu-west-1.amazonaws.com")]
    [InlineData("aws-us-gov", "us-gov-west-1", "s3.us-gov-west-1.amazonaws.com")]
    [InlineData("aws-cn", "cn-north-1", "s3.cn-north-1.amazonaws.com.cn")]
    [InlineData("aws-eusc", "eusc-de-east-1", "s3.eusc-de-east-1.amazonaws.eu")]
    public void A_policy_speaks_of_one_partition(string partition, string region, string service)
    {
        var text = For(partition, region, withDataRole: true);
        text.ShouldContain($"\"kms:ViaService\": \"{service}\"");
        Statements(text).SelectMany(Principals).ShouldAllBe(arn => arn.StartsWith($"arn:{partition}:iam::", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_but_the_keys_own_account_gets_more_than_named_actions() =>
        Statements(For("aws", "eu-west-1", withDataRole: true))
            .Where(one => one["Action"]!.ToJsonString().Contains('*'))
            .Select(one => one["Principal"]!["AWS"]!.ToString()).ShouldBe(["arn:aws:iam::222222222222:root"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_about_grants_is_asked_of_a_tenant(bool withDataRole) => For("aws", "eu-west-1", withDataRole).ShouldNotContain("Grant");

    [Fact]
    public void The_workloads_reach_the_key_through_S3_alone()
    {
        var theirs = Statements(For("aws", "eu-west-1", withDataRole: true)).Where(one => Principals(one).Contains("arn:aws:iam::111111111111:role/data")).ShouldHaveSingleItem();
        theirs["Condition"]!["StringEquals"]!["kms:ViaService"]!.ToString().ShouldBe("s3.eu-west-1.amazonaws.com");
    }

    [Fact]
    public void A_proof_has_to_name_the_tenant()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        var prove = Statements(KeyPolicyDocument.For(key!, "arn:aws:iam::111111111111:role/op", null, "acme")).Single(one => one["Sid"]!.ToString() == "ByokProve");
        prove["Condition"]!["StringEquals"]!["kms:EncryptionContext:byok.dev/tenant"]!.ToString().ShouldBe("acme");
    }

    [Fact]
    public void A_role_of_another_partition_is_refused()
    {
        KmsKeyArn.TryParse($"arn:aws-cn:kms:cn-north-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        Should.Throw<CloudException>(() => KeyPolicyDocument.For(key!, "arn:aws:iam::111111111111:role/op", null)).Problem.Code.ShouldBe("OtherPartition");
    }

    [Fact]
    public void A_policy_fits_into_what_KMS_takes() => For("aws", "eu-west-1", withDataRole: true).Length.ShouldBeLessThan(32 * 1024);

    private static IEnumerable<string> Principals(JsonNode statement) =>
        statement["Principal"]!["AWS"] is JsonArray many ? many.Select(one => one!.ToString()) : [statement["Principal"]!["AWS"]!.ToString()];

    private static List<JsonNode> Statements(string text) => [.. JsonNode.Parse(text)!["Statement"]!.AsArray().Select(one => one!)];

    private static string For(string partition, string region, bool withDataRole)
    {
        KmsKeyArn.TryParse($"arn:{partition}:kms:{region}:222222222222:key/{Id}", out var key, out var problem).ShouldBeTrue(problem);
        return KeyPolicyDocument.For(key!, $"arn:{partition}:iam::111111111111:role/op", withDataRole ? $"arn:{partition}:iam::111111111111:role/data" : null);
    }
}
