using ByokOperator.Cluster;
using ByokOperator.Tests.Importing;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Commands;

/// <summary>The script in a real bash, asking the real program;
/// and the version that this program says that it is.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("byok-operator re", "report")]
    [InlineData("byok-operator re", "revoke")]
    [InlineData("byok-operator report ver", "verify")]
    [InlineData("byok-operator status --kube", "--kubeconfig")]
    public async Task Bash_completes_commands_and_flags(string line, string expected)
    {
        var program = OperatorProgram();
        var script = (await RunAsync(program, "completion", "bash"))
            .Replace("byok-operator kubectl-byok", program, StringComparison.Ordinal);
        var asks =
            $"{script}\nCOMP_LINE='{line}' COMP_POINT={line.Length}\n_byok_operator '{program}' "
                + $"'{line.Split(' ')[^1]}' ''\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n";
        (await RunAsync("bash", "-c", asks)).Split('\n').ShouldContain(expected);
    }

    [Fact]
    public async Task Zsh_is_given_a_script_of_its_own() =>
        (await RunAsync(OperatorProgram(), "completion", "zsh")).ShouldStartWith("#compdef byok-operator kubectl-byok");

    [Fact]
    public async Task The_version_names_the_commit_or_says_that_it_is_not_known()
    {
        var said = (await RunAsync(OperatorProgram(), "version")).Trim();
        said.ShouldMatch(
            @"^[0-9]+\.[0-9]+\.[0-9]+[^ ]* \(commit ([0-9a-f]{40}|unknown: it was built outside of a git checkout)\)$");
        (OperatorVersion.Commit is not null || !Path.Exists(Api.Repository.PathTo(".git")))
            .ShouldBeTrue("a build in a checkout knows its commit");
    }

    private static string OperatorProgram() => Path.Combine(AppContext.BaseDirectory, "byok-operator");

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output, errors) =
            await Child.RunAsync(AppContext.BaseDirectory, new Dictionary<string, string>(), program, arguments);
        code.ShouldBe(0, errors);
        return output;
    }
}
