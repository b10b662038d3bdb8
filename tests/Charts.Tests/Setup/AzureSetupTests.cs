using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Charts.Tests.Documents;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests.Setup;

/// <summary>examples/azure by both tools: the same roles on the same things.
/// That they are enough is told by PublishedRolesStories.</summary>
public sealed class AzureSetupTests
{
    private const string Stores = "/subscriptions/s-1/resourceGroups/byok";
    private const string Shared =
        "/subscriptions/s-1/resourceGroups/platform/providers/Microsoft.Storage/storageAccounts/platformbackups";

    /// <summary>Read by HashiCorp's own parser.</summary>
    [Fact]
    [Trait("Server", "hcl")]
    public async Task Terraform_knows_whatever_a_role_is_on()
    {
        var read = JsonNode.Parse(
            (await Command.RunAsync("node", [Environment.GetEnvironmentVariable("BYOK_TEST_HCL")!], Text("main.tf")))
                .Require())!;
        var locals = read["locals"]!.AsArray().Single()!;
        ((string)locals["roles"]!).ShouldContain("roles.json");
        locals["scopes"]!.AsObject().Select(one => one.Key).Order()
            .ShouldBe(Roles().Select(one => one.On).Distinct().Order());
        var wanted = (string)locals["wanted"]!;
        Roles().Select(one => one.When).Distinct()
            .Where(when => !wanted.Contains($"\"{when}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>bash runs it, with a tool in place of az that writes down what it was given.</summary>
    [Theory]
    [InlineData(new string[0], new[] { "always" })]
    [InlineData(new[] { "--principals" }, new[] { "always", "principals" })]
    [InlineData(new[] { "--imports", "platform-keys" }, new[] { "always", "imports" })]
    public async Task The_script_gives_each_role_on_what_it_is_for(string[] more, string[] when)
    {
        var folder = Directory.CreateTempSubdirectory("byok-azure-").FullName;
        StandIn.Write(Path.Combine(folder, "az"), $$"""
            #!/bin/sh
            printf '%s\0' "$@" >"$(mktemp '{{folder}}/call.XXXXXX')"
            case "$*" in
              *"--output none") ;;
              *"--output none --parameters "*) ;;
              "account show --query tenantId"*) echo d-1 ;;
              "account show --query id"*) echo s-1 ;;
              *--query\ principalId*) echo p-1 ;;
              "identity show"*--query\ id*) echo /identity ;;
              "keyvault show"*) echo /vault ;;
              *appId*) echo a-1 ;;
              *) echo told ;;
            esac
            """);

        var ran = await Command.RunAsync("env",
            [$"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}",
                Repository.PathTo("examples", "azure", "setup.sh"),
                "--cluster", "platform/aks", "--group", "byok", "--shared", Shared, .. more]);

        ran.Require().ShouldBe("identity /identity\napplication a-1\n");
        Directory.EnumerateFiles(folder, "call.*").Select(call => File.ReadAllText(call).Split('\0'))
            .Where(call => call[0] == "role")
            .Select(call =>
                (Role: After(call, "--role"), Scope: After(call, "--scope"), To: After(call, "--assignee-object-id")))
            .ShouldBe(Roles().Where(one => when.Contains(one.When)).Select(one => (one.Role, one.On switch
            {
                "stores" => Stores,
                "shared" => Shared,
                "identity" => "/identity",
                "subscription" => "/subscriptions/s-1",
                _ => "/vault",
            }, "p-1")), ignoreOrder: true);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_script_says_what_it_needs() =>
        (await Command.RunAsync(Repository.PathTo("examples", "azure", "setup.sh"), ["--group", "byok"]))
            .ShouldSatisfyAllConditions(
                ran => ran.ExitCode.ShouldBe(64), ran => ran.Error.ShouldStartWith("usage: setup.sh --cluster"));

    [Fact]
    public void The_page_of_the_manifests_names_the_same_roles()
    {
        var page = File.ReadAllText(Repository.PathTo("examples", "manifests", "README.md"));
        Roles().Select(one => $"| {one.Role} |").Where(row => !page.Contains(row, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string After(string[] call, string flag) => call[Array.IndexOf(call, flag) + 1];

    private static IEnumerable<(string Role, string On, string When)> Roles() =>
        JsonNode.Parse(Text("roles.json"))!.AsArray()
            .Select(one => ((string)one!["role"]!, (string)one["on"]!, (string?)one["when"] ?? "always"));

    private static string Text(string file) => File.ReadAllText(Repository.PathTo("examples", "azure", file));
}
