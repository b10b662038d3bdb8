namespace Kube.Tests.Client.Kubectl;

/// <summary>
/// A file of the folder Kubeconfigs: its first line says what it is about. <c>#! differs: ...</c> says why ours does
/// something else than kubectl, <c>#! context: NAME</c> chooses one, <c>#--- FILE</c> begins another file of KUBECONFIG
/// (without content: one that is missing).
/// </summary>
internal sealed record KubeconfigCase(
    string Name, string About, string? Differs, string? Context, IReadOnlyList<(string File, string Yaml)> Files)
{
    public static string Folder => Path.Combine(Root(), "tests", "Kube.Tests", "Client", "Kubectl", "Kubeconfigs");

    public static IReadOnlyList<KubeconfigCase> All() =>
        [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>What stands in a case instead of ports, folders and texts that no file can know.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="values">By name, without the at signs.</param>
    /// <returns>KUBECONFIG.</returns>
    public string Write(TemporaryFolder folder, IReadOnlyDictionary<string, string> values)
    {
        var paths = new List<string>();
        foreach (var (file, yaml) in Files)
        {
            paths.Add(Path.Combine(folder.Path, file));
            if (File.Exists(paths[^1]))
            {
                File.Delete(paths[^1]);
            }

            if (yaml.Length > 0)
            {
                folder.Write(file,
                    values.Aggregate(yaml,
                        (text, value) => text.Replace($"@{value.Key}@", value.Value, StringComparison.Ordinal)));
            }
        }

        return string.Join(':', paths);
    }

    private static KubeconfigCase Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var files = new List<(string File, string Yaml)>();
        var (file, yaml) = ("config", new List<string>());
        foreach (var line in lines.Skip(1).Where(line => !line.StartsWith("#!", StringComparison.Ordinal)))
        {
            if (!line.StartsWith("#--- ", StringComparison.Ordinal))
            {
                yaml.Add(line);
                continue;
            }

            files.Add((file, string.Join('\n', yaml)));
            (file, yaml) = (line["#--- ".Length..].Trim(), []);
        }

        files.Add((file, yaml.Count == 0 ? "" : string.Join('\n', yaml) + "\n"));
        return new(Path.GetFileNameWithoutExtension(path), lines[0].TrimStart('#', ' '), Word(lines, "differs"),
            Word(lines, "context"), files);
    }

    private static string? Word(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"#! {name}: ", StringComparison.Ordinal))
            ?[$"#! {name}: ".Length..].Trim();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ByokOperator.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/'))
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return folder;
    }
}
