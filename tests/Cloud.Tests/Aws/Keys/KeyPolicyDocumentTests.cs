using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

public sealed class KeyPolicyDocumentTests
{
    private const string Id = "1234abcd-12ab-34cd-56ef-1234567890ab";

    private static readonly KeyBinding Binding = new("acme", ["byok-0123456789ab-*", "acme-own"], DataPrincipal.Nobody);

    [Theory]
    [InlineData("aws", "eu-west-1", "s3.eu-west-1.amazonaws.com")]
    [InlineData("aws-us-gov", "us-gov-west-1", "s3.us-gov-west-1.amazonaws.com")]
    [InlineData("aws-cn", "cn-north-1", "s3.cn-north-1.amazonaws.com.cn")]
    [InlineData("aws-eusc", "eusc-de-east-1", "s3.eusc-de-east-1.amazonaws.eu")]
    public void A_policy_speaks_of_one_partition(string partition, string region, string service)
    {
        var text = For(partition, region, withDataRole: true);
        text.ShouldContain($"\"kms:ViaService\": \"{service}\"");
        Statements(text).SelectMany(Principals)
            .ShouldAllBe(arn => arn.StartsWith($"arn:{partition}:iam::", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_but_the_keys_own_account_gets_more_than_named_actions() =>
        Statements(For("aws", "eu-west-1", withDataRole: true))
            .Where(one => one["Action"]!.ToJsonString().Contains('*'))
            .Select(one => one["Principal"]!["AWS"]!.ToString()).ShouldBe(["arn:aws:iam::222222222222:root"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_about_grants_is_asked_of_a_tenant(bool withDataRole) =>
        For("aws", "eu-west-1", withDataRole).ShouldNotContain("Grant");

    [Fact]
    public void The_workloads_reach_the_key_through_S3_alone()
    {
        var theirs = Statements(For("aws", "eu-west-1", withDataRole: true))
            .Where(one => Principals(one).Contains("arn:aws:iam::111111111111:role/data")).ShouldHaveSingleItem();
        theirs["Condition"]!["StringEquals"]!["kms:ViaService"]!.ToString().ShouldBe("s3.eu-west-1.amazonaws.com");
    }

    [Fact]
    public void A_proof_has_to_name_the_tenant()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        var prove = Statements(KeyPolicyDocument.For(key!, "arn:aws:iam::111111111111:role/op", Binding))
            .Single(one => one["Sid"]!.ToString() == "ByokProve");
        prove["Condition"]!["StringEquals"]!["kms:EncryptionContext:byok.dev/tenant"]!.ToString().ShouldBe("acme");
    }

    [Theory]
    [InlineData("aws", "eu-west-1")]
    [InlineData("aws-cn", "cn-north-1")]
    public void Data_is_used_in_the_tenants_buckets_alone(string partition, string region)
    {
        var use = Statements(For(partition, region, withDataRole: true))
            .Single(one => one["Sid"]!.ToString() == "ByokUseThroughStore");
        use["Condition"]!["StringLike"]!["kms:EncryptionContext:aws:s3:arn"]!.AsArray().Select(one => one!.ToString())
            .ShouldBe(
                [$"arn:{partition}:s3:::byok-0123456789ab-*", $"arn:{partition}:s3:::acme-own",
                    $"arn:{partition}:s3:::acme-own/*"]);
    }

    [Fact]
    public void Workloads_in_the_operators_own_role_are_refused()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        const string Role = "arn:aws:iam::111111111111:role/op";
        Should.Throw<CloudException>(() =>
            KeyPolicyDocument.For(key!, Role, Binding with { Workloads = new(Role, null) })).Problem.Code
                .ShouldBe("DataRoleIsOperators");
        Should.Throw<CloudException>(() =>
            ImportedKeyPolicy.For(AwsPartition.Commercial, "111111111111", "eu-west-1", Role, Role)).Problem.Code
                .ShouldBe("DataRoleIsOperators");
    }

    [Fact]
    public void Every_statement_is_explained()
    {
        KmsKeyArn.TryParse($"arn:aws:kms:eu-west-1:111111111111:key/{Id}", out var own, out _).ShouldBeTrue();
        foreach (var policy
            in (string[])[For("aws", "eu-west-1", withDataRole: true),
                KeyPolicyDocument.For(own!, "arn:aws:iam::111111111111:role/op", Binding)])
        {
            var told = KeyPolicyPurposes.Explain(policy).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            told.Select(line => line.Split(':')[0]).ShouldBe(Statements(policy).Select(one => one["Sid"]!.ToString()));
        }
    }

    [Fact]
    public void The_longest_list_of_buckets_fits_into_what_KMS_takes()
    {
        KmsKeyArn.TryParse($"arn:aws-us-gov:kms:us-gov-west-1:222222222222:key/{Id}", out var key, out _)
            .ShouldBeTrue();
        var many = Binding with
        {
            Buckets = [.. Enumerable.Range(0, 64).Select(number => new string('b', 61) + $"{number:00}")],
        };
        KeyPolicyDocument.For(key!, "arn:aws-us-gov:iam::111111111111:role/op", many).Length
            .ShouldBeLessThan(32 * 1024);
    }

    [Fact]
    public void A_role_of_another_partition_is_refused()
    {
        KmsKeyArn.TryParse($"arn:aws-cn:kms:cn-north-1:222222222222:key/{Id}", out var key, out _).ShouldBeTrue();
        Should.Throw<CloudException>(() =>
            KeyPolicyDocument.For(key!, "arn:aws:iam::111111111111:role/op", null)).Problem.Code
                .ShouldBe("OtherPartition");
    }

    [Fact]
    public void A_policy_fits_into_what_KMS_takes() =>
        For("aws", "eu-west-1", withDataRole: true).Length.ShouldBeLessThan(32 * 1024);

    private static IEnumerable<string> Principals(JsonNode statement) =>
        statement["Principal"]!["AWS"] is JsonArray many ? many.Select(one => one!.ToString())
            : [statement["Principal"]!["AWS"]!.ToString()];

    private static List<JsonNode> Statements(string text) =>
        [.. JsonNode.Parse(text)!["Statement"]!.AsArray().Select(one => one!)];

    private static string For(string partition, string region, bool withDataRole)
    {
        KmsKeyArn.TryParse($"arn:{partition}:kms:{region}:222222222222:key/{Id}", out var key, out var problem)
            .ShouldBeTrue(problem);
        return KeyPolicyDocument.For(
            key!, $"arn:{partition}:iam::111111111111:role/op",
            Binding with
            {
                Workloads = new(withDataRole ? $"arn:{partition}:iam::111111111111:role/data" : null, null),
            });
    }
}
