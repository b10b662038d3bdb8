using ByokOperator.Tests.Api;

namespace Cluster.Tests.Primitives;

/// <summary>Our own programs as child processes: the operator as it is shipped where the run has published it, else
/// from the same build as the tests.</summary>
public static class Programs
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string OperatorPath =>
        Environment.GetEnvironmentVariable("BYOK_TEST_OPERATOR") is { Length: > 0 } published ? published
            : Path("operator/ByokOperator", "byok-operator");

    public static ChildProcess StartOperator(
        string kubeconfig, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        StartOperator(kubeconfig, again: null, environment, arguments);

    /// <param name="again">The exit code after which it is started again.</param>
    public static ChildProcess StartOperator(
        string kubeconfig, int? again, IReadOnlyDictionary<string, string>? environment, string[] arguments) =>
        ChildProcess.Start(OperatorPath, ["run", .. arguments],
            new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
            {
                ["KUBECONFIG"] = kubeconfig,
            }, again);

    public static ChildProcess StartImportApi(string kubeconfig, params string[] arguments) =>
        ChildProcess.Start(OperatorPath, ["import-api", .. arguments],
            new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig });

    public static ChildProcess StartQuickstart(params string[] arguments) =>
        ChildProcess.Start(Path("examples/Quickstart", "Quickstart"), arguments);

    public static ChildProcess StartLocalCloud(params string[] arguments) =>
        ChildProcess.Start(Path("tests/LocalCloud", "localcloud"), arguments);

    private static string Path(string project, string program)
    {
        var path = Repository.PathTo(project, "bin", Configuration, "net10.0", program);
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"{path} is not built: build the solution with -c {Configuration}");
    }
}
