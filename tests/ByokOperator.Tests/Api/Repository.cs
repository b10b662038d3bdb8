namespace ByokOperator.Tests.Api;

/// <summary>The checked-out tree that the tests read crds/, cases and documents from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathTo(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

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
