using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;

namespace Charts.Tests;

/// <summary>One set of values under <c>cases/</c>, and what is rendered from it under <c>golden/</c>.</summary>
internal sealed partial record ChartCase(string Chart, string Name)
{
    private static readonly string[] Charts = ["byok-operator", "byok-tenants"];

    /// <summary>These are compared with their own source by tests of their own; here their head is enough.</summary>
    private static readonly string[] Elsewhere =
    [
        "CustomResourceDefinition", "ClusterRole", "Role", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    ];

    public string Values => Folder("cases");

    public string Golden => Folder("golden");

    public static IEnumerable<ChartCase> All => Charts.SelectMany(chart =>
        Directory.EnumerateFiles(Repository.PathTo("tests", "Charts.Tests", "cases", chart), "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(path => new ChartCase(chart, Path.GetFileNameWithoutExtension(path))));

    /// <summary>A case says its server's version in a comment, where that is of importance.</summary>
    public IReadOnlyList<string> Arguments =>
        VersionLine().Match(File.ReadAllText(Values)) is { Success: true } said
            ? ["--kube-version", said.Groups[1].Value] : [];

    /// <summary>What is rendered, object by object, each named; without what has a source of its own.</summary>
    public static string Shown(string rendered) => string.Concat(rendered.Split("\n---\n").Select(Shown_Document));

    private static string Shown_Document(string document)
    {
        var kind = Kind().Match(document).Groups[1].Value;
        if (!Elsewhere.Contains(kind))
        {
            return document.Trim().TrimStart('-').Trim() + "\n---\n";
        }

        var metadata = document[document.IndexOf("\nmetadata:", StringComparison.Ordinal)..];
        var end = EndOfMetadata().Match(metadata, 1);
        return $"kind: {kind}{(end.Success ? metadata[..end.Index] : metadata).TrimEnd()}\n# ...\n---\n";
    }

    private string Folder(string folder) => Repository.PathTo("tests", "Charts.Tests", folder, Chart, Name + ".yaml");

    [GeneratedRegex(@"^# kube-version: (\S+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^kind: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex(@"\n(?=[a-z])")]
    private static partial Regex EndOfMetadata();
}
