using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

public sealed class ImportedKeyPolicyTests
{
    private const string Operator = "arn:aws:iam::111111111111:role/byok-operator";
    private const string Data = "arn:aws:iam::111111111111:role/data";

    [Fact]
    public void Only_the_operator_ever_sees_plaintext_without_a_grant()
    {
        var users = Statements(Data)
            .Where(statement =>
                Actions(statement).Any(action => action is "kms:Decrypt" or "kms:GenerateDataKey" or "kms:*"))
            .Select(statement => (string)statement["Principal"]!["AWS"]!);
        users.Distinct().ShouldBe([Operator]);
    }

    [Fact]
    public void Grants_go_to_the_data_role_alone_for_the_operator_to_retire_and_never_make_further_grants()
    {
        var condition = Statements(Data).Single(one => Actions(one).Contains("kms:CreateGrant"))["Condition"]!;
        condition["StringEquals"]!["kms:GranteePrincipal"]!.ToString().ShouldBe(Data);
        condition["StringEquals"]!["kms:RetiringPrincipal"]!.ToString().ShouldBe(Operator);
        condition["ForAllValues:StringEquals"]!["kms:GrantOperations"]!.ToJsonString().ShouldNotContain("Grant");
    }

    [Fact]
    public void Administration_neither_uses_nor_imports_nor_grants()
    {
        var administration = Statements(null).Single(statement => (string)statement["Sid"]! == "AccountAdministration");
        ((string)administration["Principal"]!["AWS"]!).ShouldBe("arn:aws:iam::111111111111:root");
        Actions(administration).ShouldContain("kms:PutKeyPolicy");
        Actions(administration)
            .Intersect(
                ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ImportKeyMaterial",
                    "kms:GetParametersForImport", "kms:CreateGrant"]).ShouldBeEmpty();
        Actions(administration).ShouldAllBe(action => !action.Contains('*'));
    }

    [Fact]
    public void Without_a_data_role_nothing_is_granted() =>
        Statements(null).SelectMany(Actions).ShouldNotContain("kms:CreateGrant");

    [Theory]
    [InlineData("cn-north-1", "arn:aws-cn:iam::111111111111:root", "s3.cn-north-1.amazonaws.com.cn")]
    [InlineData("us-gov-west-1", "arn:aws-us-gov:iam::111111111111:root", "s3.us-gov-west-1.amazonaws.com")]
    [InlineData("eusc-de-east-1", "arn:aws-eusc:iam::111111111111:root", "s3.eusc-de-east-1.amazonaws.eu")]
    public void It_is_written_for_its_partition(string region, string root, string via)
    {
        var text = ImportedKeyPolicy.For(AwsPartition.OfRegion(region), "111111111111", region, Operator, Data);
        text.ShouldContain(root);
        text.ShouldContain(via);
    }

    private static IEnumerable<JsonNode> Statements(string? dataRole) => JsonNode
        .Parse(
            ImportedKeyPolicy.For(AwsPartition.Commercial, "111111111111", "eu-west-1", Operator,
                dataRole))!["Statement"]!.AsArray().Select(node => node!);

    private static IEnumerable<string> Actions(JsonNode statement) =>
        statement["Action"] is JsonArray many ? many.Select(action => (string)action!) : [(string)statement["Action"]!];
}
