using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Charts.Tests.Documents;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests.Setup;

/// <summary>examples/aws by both tools: the same policies, filled with the same names. What they allow is held to its
/// uses by PublishedRightsStories.</summary>
public sealed partial class AwsSetupTests
{
    private const string Policy = "operator-policy.json";

    /// <summary>Read by HashiCorp's own parser.</summary>
    [Fact]
    [Trait("Server", "hcl")]
    public async Task Terraform_fills_in_what_the_policy_leaves_open()
    {
        var read = JsonNode.Parse(
            (await Command.RunAsync("node", [Environment.GetEnvironmentVariable("BYOK_TEST_HCL")!], Text("main.tf")))
                .Require())!;
        var policy = (string)read["resource"]!["aws_iam_role_policy"]!["operator"]!.AsArray().Single()!["policy"]!;
        policy.ShouldContain($"templatefile(\"${{path.module}}/{Policy}\"");
        Given().Matches(policy).Select(name => name.Groups[1].Value).Order().ShouldBe(Open());
        ((string)read["resource"]!["aws_iam_role"]!["operator"]!.AsArray().Single()!["assume_role_policy"]!)
            .ShouldContain("trust.json");
        read["variable"]!.AsObject().Select(one => one.Key).Order().ShouldBe(["cluster", "role", "shared_bucket"]);
    }

    [Fact]
    [Trait("Server", "hcl")]
    public async Task What_is_no_file_of_Terraforms_is_refused() =>
        (await Command.RunAsync("node", [Environment.GetEnvironmentVariable("BYOK_TEST_HCL")!],
            Text("main.tf") + "resource {\n")).Succeeded.ShouldBeFalse();

    /// <summary>bash runs it, with a tool in place of aws that writes down what it was given.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_script_fills_in_the_same_and_may_be_run_again(bool stands)
    {
        var folder = Directory.CreateTempSubdirectory("byok-aws-").FullName;
        StandIn.Write(Path.Combine(folder, "aws"), $$"""
            #!/bin/sh
            printf '%s\0' "$@" >"$(mktemp '{{folder}}/call.XXXXXX')"
            case "$*" in
              *--query\ Arn*) echo arn:aws-us-gov:sts::111122223333:assumed-role/admin/me ;;
              *--query\ Account*) echo 111122223333 ;;
              *get-role\ *) {{(stands ? "exit 0" : "exit 254")}} ;;
              *list-pod-identity*) echo {{(stands ? "a-1" : "None")}} ;;
            esac
            """);

        var ran = await Command.RunAsync("env",
            [$"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}",
                Repository.PathTo("examples", "aws", "setup.sh"), "cluster", "backups"]);

        ran.Require().Trim().ShouldBe("arn:aws-us-gov:iam::111122223333:role/byok-operator");
        var calls = Directory.EnumerateFiles(folder, "call.*").Select(call => File.ReadAllText(call).Split('\0')[..^1])
            .ToList();
        calls.Count(call => call[1] == "create-role").ShouldBe(stands ? 0 : 1);
        calls.Count(call => call[1] == "create-pod-identity-association").ShouldBe(stands ? 0 : 2);
        var put = calls.Single(call => call[1] == "put-role-policy")[^1];
        JsonNode.DeepEquals(JsonNode.Parse(put),
            JsonNode.Parse(Text(Policy).Replace("${partition}", "aws-us-gov", StringComparison.Ordinal)
                .Replace("${account}", "111122223333", StringComparison.Ordinal)
                .Replace("${shared_bucket}", "backups", StringComparison.Ordinal))).ShouldBeTrue(put);
        put.ShouldNotContain("${");
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Open() =>
        [.. Left().Matches(Text(Policy)).Select(name => name.Groups[1].Value).Distinct().Order()];

    private static string Text(string file) => File.ReadAllText(Repository.PathTo("examples", "aws", file));

    [GeneratedRegex(@"\$\{([a-z_]+)\}")]
    private static partial Regex Left();

    [GeneratedRegex(@"^\s*""?([a-z_]+)""?\s*[=:] ", RegexOptions.Multiline)]
    private static partial Regex Given();
}
