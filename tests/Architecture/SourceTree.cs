namespace Architecture;

/// <summary>All C# files under operator/, tests/ and examples/, read once.</summary>
internal static class SourceTree
{
    private static readonly string[] ProjectFolders = ["operator", "tests", "examples"];

    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static IReadOnlyList<SourceFile> Operator { get; } = Read("operator");

    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    public static IReadOnlyList<SourceFile> Examples { get; } = Read("examples");

    public static IEnumerable<SourceFile> In(string folder) =>
        Operator.Where(file => file.Path.StartsWith($"operator/{folder}/", StringComparison.Ordinal));

    /// <summary>What is about keys and stores, and not about the cluster or a cloud alone: the binary and its rooms
    /// that are projects.</summary>
    public static IEnumerable<SourceFile> Product =>
        Operator.Where(file => file.Path.StartsWith("operator/Byok", StringComparison.Ordinal));

    public static IEnumerable<string> Projects =>
        ProjectFolders.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);

    private static List<SourceFile> Read(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path =>
                !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static string Find(string start)
    {
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ByokOperator.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException(
            $"no ByokOperator.sln above {start}: run the tests inside the checked-out tree");
    }
}
