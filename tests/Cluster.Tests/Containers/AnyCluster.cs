using Cluster.Tests.Primitives;
using Xunit;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(Cluster.Tests.Containers.AnyClusterEnds))]

namespace Cluster.Tests.Containers;

/// <summary>
/// For tests that need an API server with the operator's kinds and rights, and nothing of the machine beneath it: no
/// pod of ours, no process of a pod, no audit log. They run on the first cluster that is there (see
/// <see cref="ClusterChoice"/>), started once for all of them.
/// </summary>
public sealed class AnyCluster : IAsyncLifetime
{
    private static readonly Lazy<Task<ChosenCluster>> Chosen = new(() => ClusterChoice.MakeAsync(
        Environment.GetEnvironmentVariable, () => ContainerCluster.StartAsync(
            ContainerEngine.Named(Environment.GetEnvironmentVariable),
            ContainerSettings.Named(Environment.GetEnvironmentVariable))));

    public RealCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var chosen = await Chosen.Value;
        TestContext.Current.SendDiagnosticMessage("what any cluster will do for is tested {0}", chosen.Where);
        Cluster = new(chosen.Kubeconfig);
        await Cluster.InitializeAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Takes away what was started.</summary>
    internal static async ValueTask EndAsync()
    {
        if (Chosen is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            && (await Chosen.Value).Container is { } container)
        {
            await container.DisposeAsync();
        }
    }
}

/// <summary>After the last test of them all.</summary>
public sealed class AnyClusterEnds : IAsyncDisposable
{
    public ValueTask DisposeAsync() => AnyCluster.EndAsync();
}
