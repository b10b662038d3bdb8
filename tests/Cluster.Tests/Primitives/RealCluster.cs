using System.Collections.Concurrent;
using Kube.Runtime.Hosting;
using Xunit;

namespace Cluster.Tests.Primitives;

/// <summary>
/// The Kubernetes that BYOK_TEST_KUBECONFIG names, with the operator's kinds and rights installed once per run. A run
/// without one leaves these tests out by their trait <c>Server=kubernetes</c>; to be here without it is a failure. What
/// uses this fixture itself needs more of the machine than an API server: the operator's image in the node and the
/// machine's loopback in its pods, processes of pods to kill, or what the audit log holds of the run.
/// </summary>
public sealed class RealCluster : IAsyncLifetime
{
    internal const string Variable = "BYOK_TEST_KUBECONFIG";

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> OperatorAccess = new();

    public RealCluster()
        : this(Kubeconfig)
    {
    }

    internal RealCluster(string kubeconfig) => Administrator = new(kubeconfig);

    public static string Kubeconfig => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException(
            $"{Variable} names no cluster: run these tests by tests/run.sh, or set it");

    /// <summary>An image in the cluster that has a shell.</summary>
    public static string ShellImage => Environment.GetEnvironmentVariable("BYOK_TEST_BUSYBOX_IMAGE") ?? "busybox:1.36";

    /// <summary>The operator's image, as the cluster can run it.</summary>
    public static string OperatorImage => Environment.GetEnvironmentVariable("BYOK_TEST_IMAGE")
        ?? throw new InvalidOperationException(
            "BYOK_TEST_IMAGE names no image of the operator that the cluster can run");

    public Kubectl Administrator { get; }

    /// <summary>A user with exactly the rights that <c>examples/manifests/operator</c> gives the operator.</summary>
    public Kubectl Operator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Operator = new(await OperatorAccess
        .GetOrAdd(Administrator.Kubeconfig, path => new(() => InstallAsync(new(path)))).Value);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<TestNamespace> NamespaceAsync(string prefix) => TestNamespace.CreateAsync(Administrator, prefix);

    /// <summary>
    /// A replica of the operator, outside the cluster, under the operator's own account. One that lost its lease, as it
    /// may on a busy machine, is started again, as its Deployment's pod would be.
    /// </summary>
    public ChildProcess StartOperator(
        IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        Programs.StartOperator(Operator.Kubeconfig, ExitCodes.LeadershipLost, environment, arguments);

    private static async Task<string> InstallAsync(Kubectl administrator)
    {
        await OperatorManifests.InstallAccessAsync(administrator);
        return await ServiceAccountKubeconfig.CreateAsync(administrator, OperatorManifests.Namespace,
            OperatorManifests.Account);
    }
}
