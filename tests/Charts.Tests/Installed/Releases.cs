using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;

namespace Charts.Tests.Installed;

/// <summary>
/// helm as the cluster's administrator. Client-side, and without helm's own check of what it applies: servers before
/// 1.25 know no CEL rules, drop them from a plain apply, and refuse them in a server-side one.
/// </summary>
internal sealed class Releases(string kubeconfig)
{
    /// <summary>Tests that install them: one after the other, for the names are the charts' own.</summary>
    public const string OnTheCluster = "releases on the cluster";

    private const string Namespace = "byok-system";

    /// <summary>Of an install or an upgrade there.</summary>
    public static readonly string[] OldServer =
        ["--server-side=false", "--disable-openapi-validation", "--wait", "--timeout", "10m"];

    /// <param name="chart">Gives the release its name.</param>
    /// <param name="values">Its values.</param>
    /// <param name="takesOver">What an earlier hand applied, as the chart's README says.</param>
    public Task<CommandResult> InstallAsync(ChartOnOldServer chart, JsonObject values, bool takesOver = true) =>
        ChangeAsync(
            ["install", chart.Name, chart.Folder, "--create-namespace", .. takesOver ? (string[])["--take-ownership"]
                : [], .. OldServer], values);

    public Task<CommandResult> UpgradeAsync(ChartOnOldServer chart, JsonObject values) =>
        ChangeAsync(["upgrade", chart.Name, chart.Folder, .. OldServer], values);

    public Task<CommandResult> RollbackAsync(string release, int revision) =>
        RunAsync("rollback", release, $"{revision}", "--server-side=false", "--wait", "--timeout", "10m");

    public Task<CommandResult> UninstallAsync(string release) =>
        RunAsync("uninstall", release, "--wait", "--timeout", "10m");

    public Task<CommandResult> TestAsync(string release) => RunAsync("test", release, "--logs", "--timeout", "10m");

    public Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) =>
        Helm.RunAsync(["--kubeconfig", kubeconfig, "--namespace", Namespace, .. arguments]);

    private async Task<CommandResult> ChangeAsync(IReadOnlyList<string> arguments, JsonObject values)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values.ToJsonString());
            return await RunAsync([.. arguments, "--values", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
