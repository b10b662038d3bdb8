using ByokOperator;
using ByokOperator.Commands;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests.Documents;

/// <summary>
/// What a reader pastes from a page is understood, by the shell as it stands in a terminal and by each program that it
/// calls. That the commands do what the pages say is told by the life of a release and the stories; a page that names a
/// flag, a file or a chart that is not there fails here.
/// </summary>
[Trait("Server", "helm")]
public sealed class PastedTests(ITestOutputHelper output)
{
    /// <summary>It waits for a container to come up.</summary>
    private const string Waits = "CONTRIBUTING.md";

    private static readonly string[] Programs =
        ["byok-operator ", "kubectl ", "helm ", "curl ", "docker ", "dotnet ", "openssl ", "./", "tests/"];

    public static TheoryData<string> Pages =>
        [.. Block.All.Where(block => block.Language == "sh" && block.Page != Waits).Select(block => block.Page)
            .Distinct()];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task What_is_pasted_from_a_page_is_understood(string page)
    {
        foreach (var block in Block.All.Where(block => block.Page == page && block.Language == "sh"))
        {
            using var paste = new Paste();
            foreach (var file
                in Block.All.Where(one =>
                    one.Page == page && one.Language == "yaml" && one.Text.StartsWith("# ", StringComparison.Ordinal)))
            {
                paste.Put(file.Text.Split('\n')[0][2..], file.Text);
            }

            var (wrong, calls) = await paste.RunAsync(block.Text);
            wrong.ShouldBeEmpty($"{page}:{block.Line}");
            calls.ShouldNotBeEmpty($"{page}:{block.Line} calls nothing that is looked at");
            foreach (var call in calls)
            {
                output.WriteLine($"{page}:{block.Line}: {string.Join(' ', call)}");
                (await RefusalAsync(call, paste)).ShouldBeNull($"{page}:{block.Line}: {string.Join(' ', call)}");
            }
        }
    }

    /// <summary>A block that says it is for a shell is pasted above;
    /// one that says nothing must not be for a shell.</summary>
    [Fact]
    public void Every_block_of_commands_says_so() => Block.All
        .Where(block => block.Language.Length == 0 && block.Text.Split('\n').Any(line => Programs.Any(line.StartsWith)))
        .Select(block => $"{block.Page}:{block.Line}").ShouldBeEmpty();

    [Fact]
    public async Task A_mistake_of_each_kind_is_found()
    {
        (await ToldAsync("curl \"$endpoint/!/ems\"\n")).ShouldContain("event not found");
        (await ToldAsync("nobody-has-this\n")).ShouldContain("command not found");
        (await ToldAsync("kubectl get 'pods\n")).ShouldContain("unexpected EOF");
        (await ToldAsync("byok-operator status --nonsense\n")).ShouldContain("--nonsense");
        (await ToldAsync("kubectl get pods --nonsense\n")).ShouldContain("unknown flag");
        (await ToldAsync("kubectl apply -f examples/nothing.yaml\n")).ShouldContain("examples/nothing.yaml");
        (await ToldAsync("helm install x charts/byok-operator --set nonsense=1\n")).ShouldContain("nonsense");
        (await ToldAsync("openssl rand -nonsense\n")).ShouldContain("-nonsense");
        (await ToldAsync("dotnet run --project examples/Nothing\n")).ShouldContain("examples/Nothing");
    }

    private static async Task<string> ToldAsync(string text)
    {
        using var paste = new Paste();
        var (wrong, calls) = await paste.RunAsync(text);
        var refusals = await Task.WhenAll(calls.Select(call => RefusalAsync(call, paste)));
        return string.Join('\n', wrong.Concat(refusals.OfType<string>()));
    }

    /// <summary>Null where the program would take it.</summary>
    private static Task<string?> RefusalAsync(string[] call, Paste paste) => call[0] switch
    {
        "byok-operator" => Task.FromResult(OfOperator(call[1..])),
        "kubectl" => OfKubectlAsync(call[1..], paste),
        // without a cluster there is no release to find
        "helm" when call[1] == "uninstall" => ErrorAsync(Helm.Program, [.. call[1..], "--help"]),
        "helm" => ErrorAsync("env", ["-C", paste.Folder, Helm.Program, .. call[1..], "--dry-run=client"]),
        "openssl" => OfOpensslAsync(call[1..]),
        "dotnet" => Task.FromResult(Missing(call, "--project", Repository.Root)),
        "terraform" =>
            Task.FromResult(
                Missing(
                    ["-chdir", .. call.Select(word => word.Replace("-chdir=", "", StringComparison.Ordinal)).Skip(1)],
                    "-chdir", paste.Folder)),
        _ => Task.FromResult<string?>(null),
    };

    private static string? OfOperator(string[] arguments)
    {
        using var means = new OnDemand();
        var parsed = CommandTree.Root(means).Parse(arguments, CommandLine.Parsing);
        var unknown = parsed.Tokens.Where(token =>
            token.Type == System.CommandLine.Parsing.TokenType.Argument
                && token.Value.StartsWith("--", StringComparison.Ordinal));
        var wrong = parsed.Errors.Select(error => error.Message)
            .Concat(unknown.Select(token => $"{token.Value} is no flag of it")).ToList();
        return wrong.Count == 0 ? null : string.Join('\n', wrong);
    }

    /// <summary>kubectl reads its flags before it shows its help.</summary>
    private static async Task<string?> OfKubectlAsync(string[] arguments, Paste paste) =>
        Missing(arguments, "-f", paste.Folder) ?? Missing(arguments, "-k", paste.Folder)
        ?? await ErrorAsync(Path.Combine(Path.GetDirectoryName(Helm.Program)!, "kubectl"), [.. arguments, "--help"]);

    private static async Task<string?> OfOpensslAsync(string[] arguments)
    {
        var help = await Command.RunAsync("openssl", [arguments[0], "-help"]);
        var algorithms = await Command.RunAsync("openssl", [arguments[0], "-list"]); // of dgst and enc: each is a flag
        var known = (help.Output + help.Error + algorithms.Output)
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var unknown = arguments.Skip(1)
            .Where(argument => argument.StartsWith('-') && argument.Length > 1 && !known.Contains(argument)).ToList();
        return unknown.Count == 0 ? null : $"openssl {arguments[0]} does not know {string.Join(", ", unknown)}";
    }

    private static string? Missing(string[] arguments, string flag, string folder) =>
        arguments.SkipWhile(argument => argument != flag).Skip(1).FirstOrDefault() is { } path && path != "-"
            && !Path.Exists(Path.Combine(folder, path))
            ? $"there is no {path}"
            : null;

    private static async Task<string?> ErrorAsync(string program, IReadOnlyList<string> arguments) =>
        await Command.RunAsync(program, arguments) is { Succeeded: false } failed ? failed.Error + failed.Output : null;
}
