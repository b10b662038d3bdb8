using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;

namespace Charts.Tests.Documents;

/// <summary>
/// A folder in which blocks are pasted into an interactive bash as a reader would: with what the pages speak of in it,
/// and a path on which every program that reaches beyond this machine,
/// asks for a password or takes minutes only writes down what it was called with.
/// </summary>
internal sealed class Paste : IDisposable
{
    private const string Recorder =
        """
        #!/bin/sh
        call=$(mktemp "$PASTED/XXXXXX")
        printf '%s\0' "${0##*/}" "$@" >"$call"
        [ "${0##*/}" != your-hsm-export ] || { head -c 32 /dev/zero; exit 0; }
        [ "${0##*/}" != curl ] || echo '{"publicKey": "told", "importToken": "told"}'
        echo told
        """;

    private static readonly string[] Recorded =
    [
        "byok-operator", "kubectl", "helm", "docker", "dotnet", "git", "aws", "az", "terraform", "curl", "openssl",
        "your-hsm-export", "tests/run.sh",
        "secretgen-linux.sh", "secretgen-macos.sh", "rsagen.sh", "sleep", "chmod",
    ];

    /// <summary>What an interactive bash says of having no terminal.</summary>
    private static readonly string[] NoTerminal = ["cannot set terminal process group", "no job control in this shell"];

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("byok-paste-");

    public Paste()
    {
        foreach (var name in (string[])["docs", "charts", "crds", "examples", "integrations"])
        {
            File.CreateSymbolicLink(Path.Combine(Folder, name), Repository.PathTo(name));
        }

        foreach (var name in Recorded)
        {
            StandIn.Write(Path.Combine(name.EndsWith(".sh", StringComparison.Ordinal) ? Folder : Programs, name),
                Recorder);
        }
    }

    /// <summary>Where the reader stands.</summary>
    public string Folder => Directory.CreateDirectory(Path.Combine(root.FullName, "here")).FullName;

    private string Programs => Directory.CreateDirectory(Path.Combine(root.FullName, "bin")).FullName;

    private string Calls => Directory.CreateDirectory(Path.Combine(root.FullName, "calls")).FullName;

    /// <summary>What a page says that a file holds: its name stands in the first line.</summary>
    public void Put(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    /// <returns>What the shell itself found wrong, and each call with its program first, in no order.</returns>
    public async Task<(IReadOnlyList<string> Wrong, IReadOnlyList<string[]> Calls)> RunAsync(string text)
    {
        var pasted = await Command.RunAsync(
            "env",
            ["-C", Folder, $"PATH={Programs}:{Environment.GetEnvironmentVariable("PATH")}", $"PASTED={Calls}", "PS1=",
                "PS2=", "bash", "--norc", "-i"], text);
        return (
            [.. pasted.Error.Split('\n')
                .Where(line => line.StartsWith("bash:", StringComparison.Ordinal) && !NoTerminal.Any(line.Contains))],
            [.. Directory.EnumerateFiles(Calls).Select(call => File.ReadAllText(call).Split('\0')[..^1])]);
    }

    public void Dispose() => root.Delete(recursive: true);
}
