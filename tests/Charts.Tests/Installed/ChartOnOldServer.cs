using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;

namespace Charts.Tests.Installed;

/// <summary>
/// A chart as a folder of the test's own, to be installed on a server that is older than the chart says:
/// <c>kubeVersion</c> left out, and kinds and further changes made in the copy. Deleted at the end.
/// </summary>
internal sealed class ChartOnOldServer : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("byok-chart-");

    private ChartOnOldServer(string chart) => Name = chart;

    public string Name { get; }

    public string Folder => Path.Combine(folder.FullName, Name);

    public static async Task<ChartOnOldServer> CopyAsync(string chart)
    {
        var copy = new ChartOnOldServer(chart);
        (await Command.RunAsync("cp", ["-rL", Helm.ChartPath(chart), copy.folder.FullName])).Require();
        copy.Change("Chart.yaml", "kubeVersion:", "# kubeVersion:");
        return copy;
    }

    /// <summary>Everywhere it stands in the file, and it has to stand there.</summary>
    public void Change(string file, string before, string after)
    {
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        if (!text.Contains(before, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{file} does not say '{before}'");
        }

        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    public void Dispose() => folder.Delete(recursive: true);
}
