using ByokOperator.Tests.Api;

namespace Charts.Tests.Documents;

/// <summary>A block of a page between two fences.</summary>
/// <param name="Page">Its path below the root.</param>
/// <param name="Line">Of the fence that opens it.</param>
/// <param name="Language">What stands behind that fence; empty where nothing does.</param>
/// <param name="Text">Without the indent that the fence has.</param>
internal sealed record Block(string Page, int Line, string Language, string Text)
{
    private const string Fence = "```";

    private static readonly string[] Folders = ["docs", "charts", "examples", "integrations"];

    /// <summary>Of every page that readers are given.</summary>
    public static IReadOnlyList<Block> All { get; } = [.. Pages().SelectMany(Of)];

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(
            Folders.SelectMany(folder =>
                Directory.EnumerateFiles(Repository.PathTo(folder), "*.md", SearchOption.AllDirectories)))
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal);

    private static IEnumerable<Block> Of(string page)
    {
        var lines = File.ReadAllLines(Repository.PathTo(page));
        int? open = null;
        for (var at = 0; at < lines.Length; at++)
        {
            if (!lines[at].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            if (open is { } first)
            {
                var indent = lines[first].Length - lines[first].TrimStart().Length;
                var text = lines[(first + 1)..at].Select(line => line.Length > indent ? line[indent..] : "");
                yield return new(page, first + 1, lines[first].Trim()[Fence.Length..],
                    string.Concat(text.Select(line => line + "\n")));
            }

            open = open is null ? at : null;
        }
    }
}
