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
    public void A_policy_speaks_of_one_partition(string partition, string region, string service)
    {
        var text = For(partition, region, withDataRole: true);
        text.ShouldContain($"\"kms:ViaService\": \"{service}\"");
        Statements(text).Select(one => one["Principal"]!["AWS"]!.ToString()).ShouldAllBe(arn => arn.StartsWith($"arn:{partition}:iam::", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_but_the_keys_own_account_gets_more_than_named_actions() =>
        Statements(For("aws", "eu-west-1", withDataRole: true))
            .Where(one => one["Action"]!.ToJsonString().Contains('*'))
            .Select(one => one["Principal"]!["AWS"]!.ToString()).ShouldBe(["arn:aws:iam::222222222222:root"]);

    [Fact]
    public void Grants_go_to_the_data_role_alone_and_never_make_further_grants()
    {
        var grant = Statements(For("aws", "eu-west-1", withDataRole: true)).Single(one => one["Action"]!.ToJsonString().Contains("CreateGrant", StringComparison.Ordinal));
        grant["Condition"]!["StringEquals"]!["kms:GranteePrincipal"]!.ToString().ShouldBe("arn:aws:iam::111111111111:role/data");
        grant["Condition"]!["ForAllValues:StringEquals"]!["kms:GrantOperations"]!.ToJsonString().ShouldNotContain("Grant");
    }

    [Fact]
    public void Without_a_data_role_nothing_about_grants_is_asked_of_the_tenant() =>
        For("aws", "eu-west-1", withDataRole: false).ShouldNotContain("Grant");

    [Fact]
    public void A_role_of_another_partition_is_refused()
    {
        KmsKeyArn.TryParse($"arn:aws-cn:kms:cn-north-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        Should.Throw<CloudException>(() => KeyPolicyDocument.For(key!, "arn:aws:iam::111111111111:role/op", null)).Problem.Code.ShouldBe("OtherPartition");
    }

    [Fact]
    public void A_policy_fits_into_what_KMS_takes() => For("aws", "eu-west-1", withDataRole: true).Length.ShouldBeLessThan(32 * 1024);

    private static List<JsonNode> Statements(string text) => [.. JsonNode.Parse(text)!["Statement"]!.AsArray().Select(one => one!)];

    private static string For(string partition, string region, bool withDataRole)
    {
        KmsKeyArn.TryParse($"arn:{partition}:kms:{region}:222222222222:key/{Id}", out var key, out var problem).ShouldBeTrue(problem);
        return KeyPolicyDocument.For(key!, $"arn:{partition}:iam::111111111111:role/op", withDataRole ? $"arn:{partition}:iam::111111111111:role/data" : null);
    }
}
