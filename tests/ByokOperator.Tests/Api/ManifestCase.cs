using System.Text.Json.Nodes;

namespace ByokOperator.Tests.Api;

/// <summary>
/// A file of the folders good/ and bad/: the manifests in the order in which they are applied, and (bad) how the last
/// one is refused. Comment lines at the top: <c>field</c>, <c>message</c> (the controller's and CEL's), <c>server</c>
/// (where the server refuses by schema, in its own words).
/// </summary>
internal sealed record ManifestCase(
    string Name, string Field, string Message, string Server, IReadOnlyList<string> Texts)
{
    public IReadOnlyList<JsonObject> Documents => [.. Texts.Select(text => Yaml.Parse(text).Single().AsObject())];

    public string Kind => (string)Documents[^1]["kind"]!;

    public static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(FolderOf(folder), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    public static ManifestCase Read(string folder, string name)
    {
        var lines = File.ReadAllLines(Path.Combine(FolderOf(folder), name + ".yaml"));
        string Told(string word) =>
            lines.FirstOrDefault(line => line.StartsWith($"# {word}: ", StringComparison.Ordinal))?[(word.Length + 4)..]
                ?? "";
        var texts = string.Join('\n', lines.Where(line => !line.StartsWith('#'))).Split("\n---\n");
        var message = Told("message");
        return new(name, Told("field"), message, Told("server") is { Length: > 0 } server ? server : message, texts);
    }

    private static string FolderOf(string folder) => Repository.PathTo("tests", "ByokOperator.Tests", "Api", folder);
}
