using System.CommandLine;
using System.Text.RegularExpressions;
using ByokOperator.Commands;
using ByokOperator.Tests.Importing;
using Cluster.Tests.Primitives;
using FakeApiServer;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

/// <summary>Whatever is wrong about a command line, a variable or a file ends the program with one sentence that names
/// it, and never with a stack trace.</summary>
public sealed partial class BadInputTests
{
    private const string Kubeconfig = """
        {"apiVersion": "v1", "kind": "Config", "current-context": "tests", "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
         "clusters": [{"name": "tests", "cluster": {"server": "https://127.0.0.1:1"}}], "users": [{"name": "tests", "user": {}}]}
        """;

    [Theory]
    [MemberData(nameof(BadInputCases.All), MemberType = typeof(BadInputCases))]
    public async Task It_is_one_sentence_and_an_exit_code(string arguments, string variables, int code, string words)
    {
        var ran = await RunAsync(arguments, variables);
        ran.Errors.ShouldContain(words);
        ran.Errors.ShouldMatch(@"\Abyok-operator( key)?: [^\n]+\n\z");
        ran.Errors.ShouldNotMatch(@"\n? {3}at |Exception");
        ran.Output.ShouldBeEmpty();
        ran.ExitCode.ShouldBe(code);
    }

    /// <summary>What is wrong about a cloud is no concern of a command that calls none.</summary>
    [Theory]
    [InlineData("version")]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("key hash --help")]
    [InlineData(
        "policy --key https://acme.vault.azure.net/keys/acme --tenant 11111111-2222-3333-4444-555555555555 "
            + "--application 11111111-2222-3333-4444-555555555555")]
    public async Task A_command_builds_only_what_it_needs(string arguments)
    {
        var ran = await RunAsync(arguments,
            "BYOK_AZURE_ENVIRONMENT=Mars BYOK_LOG_LEVEL=Loud AWS_ENDPOINT_URL=nowhere BYOK_AZURE_CA_PEM=none "
                + "JOB_COMPLETION_INDEX=first");
        (ran.ExitCode, ran.Errors).ShouldBe((0, ""));
        ran.Output.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_flag_that_can_be_wrong_has_a_case()
    {
        using var means = new OnDemand();
        Flags("", CommandTree.Root(means)).Except(BadInputCases.Flags).Except(BadInputCases.Unbound.Keys)
            .ShouldBeEmpty();
        BadInputCases.Unbound.Keys.Intersect(BadInputCases.Flags).ShouldBeEmpty();
    }

    [Fact]
    public void Every_variable_of_ours_that_can_be_wrong_has_a_case()
    {
        var read = Directory.EnumerateFiles(Api.Repository.PathTo("operator"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(found => found.Groups[1].Value))
            .Distinct();
        read.Except(BadInputCases.Variables).Except(BadInputCases.UnboundVariables).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_kind_that_the_server_does_not_know_is_told_with_its_mend()
    {
        await using var server = await FakeApiServerHost.StartAsync();
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-crds-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig, TestContext.Current.CancellationToken);
        var ran = await RunAsync($"report acme/data --kubeconfig {kubeconfig}", "");
        ran.Errors.ShouldContain(
            "the server serves no encryptedstores of byok.dev/v1alpha1: install the CRDs: kubectl apply --server-side "
                + "-f crds/");
        ran.ExitCode.ShouldBe(1);
    }

    private static IEnumerable<string> Flags(string path, Command command) =>
        command.Options.Where(option => option.Name is not ("--help" or "--version"))
            .Select(option => $"{path} {option.Name}".Trim())
            .Concat(command.Subcommands.SelectMany(inner => Flags($"{path} {inner.Name}".Trim(), inner)));

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string arguments, string variables)
    {
        var folder = Directory.CreateTempSubdirectory("byok-input-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "kubeconfig"), Kubeconfig);
            await File.WriteAllTextAsync(Path.Combine(folder, "broken"), "{[: neither this nor that");
            var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => one.Split('=', 2)).ToDictionary(one => one[0], one => one[1]);
            return await Child.RunAsync(folder, environment, Programs.OperatorPath, Words(arguments));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Words(string arguments) =>
        [.. arguments.Split(' ').Select(word => word == "''" ? "" : word)];

    [GeneratedRegex(
        "\"((?:BYOK|POD|JOB)_[A-Z_]+|AZURE_[A-Z_]+|AWS_(?:DEFAULT_)?REGION|AWS_ENDPOINT_URL[A-Z0-9_]*|KUBECONFIG)\"")]
    private static partial Regex Variable();
}
