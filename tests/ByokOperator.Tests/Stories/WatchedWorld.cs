using Byok.Import.Wrapping;
using Cluster.Tests.Primitives;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>The operator and the import API as processes of their own, with a cloud, an API server, a sink of notices,
/// and a real Prometheus that scrapes both.</summary>
internal sealed class WatchedWorld : IAsyncDisposable
{
    private const string ImportNamespace = "byok-import";

    /// <summary>Longer than the alert of a missing leader waits, in the scaled rules.</summary>
    private const int HeldSeconds = 15;

    private static readonly WrappingOptions wrapping = new() { Namespace = Stage.SystemNamespace };

    private readonly string folder = Directory.CreateTempSubdirectory("byok-watched-").FullName;
    private readonly int port = LoopbackPort.Free();
    private readonly List<WatchedTenant> tenants = [];
    private ChildProcess? operating;
    private ChildProcess? importing;

    private WatchedWorld(Stage stage, Sink sink) => (Stage, Sink) = (stage, sink);

    public Stage Stage { get; }

    public Sink Sink { get; }

    public PrometheusServer Prometheus { get; private set; } = null!;

    /// <summary>Where the import API is called.</summary>
    public int ImportPort { get; } = LoopbackPort.Free();

    private string Kubeconfig => Path.Combine(folder, "kubeconfig");

    /// <summary>The lease is somebody's who is gone; the wrapping key ends soon, and the name of its successor is
    /// taken.</summary>
    public static async Task<WatchedWorld> StartAsync()
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        var world = new WatchedWorld(stage, await Sink.StartAsync());
        stage.StartNode(NullLoggerFactory.Instance);
        stage.Cloud.Admin.CreateBucket(WatchedTenant.SharedBucket, Stage.Region, LocalCloudAccounts.Platform);
        var now = TimeProvider.System.GetUtcNow();
        await stage.Kube.Api<Secret>().CreateAsync(
            WrappingSecret.Make(wrapping, 1, now - wrapping.Validity + TimeSpan.FromHours(1)), CancellationToken.None);
        await stage.Kube.Api<Secret>().CreateAsync(
            new Secret { Metadata = new ObjectMeta { Name = Successor.Name, Namespace = Successor.Namespace } },
            CancellationToken.None);
        await stage.Kube.Api<Lease>().CreateAsync(
            new Lease
            {
                Metadata = new ObjectMeta { Name = "byok-operator", Namespace = Stage.SystemNamespace },
                Spec = new V1LeaseSpec
                {
                    HolderIdentity = "gone", LeaseDurationSeconds = HeldSeconds,
                    AcquireTime = now.UtcDateTime, RenewTime = now.UtcDateTime,
                },
            },
            CancellationToken.None);

        await File.WriteAllTextAsync(Path.Combine(world.folder, "secret"), Sink.Secret);
        await File.WriteAllTextAsync(world.Kubeconfig, stage.Server!.KubeconfigFor(Stage.OperatorAccount));
        var imports = Path.Combine(world.folder, "imports");
        await File.WriteAllTextAsync(imports, stage.Server.Kubeconfig);
        var importMetrics = LoopbackPort.Free();
        world.Operate();
        world.importing = Programs.StartImportApi(imports, "--namespace", Stage.SystemNamespace, "--listen",
            $"127.0.0.1:{importMetrics}", "--api-listen", $"127.0.0.1:{world.ImportPort}", "--key-pool", "1");
        world.Prometheus = await PrometheusServer.StartAsync(
            [(world.port, Stage.SystemNamespace), (importMetrics, ImportNamespace)], ScaledRules.Read());
        return world;
    }

    /// <summary>Whose name keeps the wrapping key from being renewed.</summary>
    public static ObjectKey Successor => new(Stage.SystemNamespace, "byok-wrapping-platform-2");

    public async Task<WatchedTenant> EnrolAsync(string name)
    {
        var tenant = await WatchedTenant.EnrolAsync(Stage, name);
        tenants.Add(tenant);
        return tenant;
    }

    /// <summary>The only replica, as it was asked to run from the start.</summary>
    public void Operate() => operating = StageOperator.StartAt(Stage, Kubeconfig, port, "--steady-recheck", "10s",
        "--notice-sink", Sink.Address, "--notice-secret-file", Path.Combine(folder, "secret"));

    public async Task KillOperatorAsync()
    {
        await operating!.DisposeAsync();
        operating = null;
    }

    public void ThrowIfDead()
    {
        foreach (var process in (ChildProcess?[])[operating, importing])
        {
            if (process is { HasExited: true })
            {
                throw new TimeoutException($"a process has ended:\n{process.Log}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ChildProcess?[])[operating, importing])
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await (Prometheus?.DisposeAsync() ?? ValueTask.CompletedTask);
        tenants.ForEach(tenant => tenant.Dispose());
        await Sink.DisposeAsync();
        await Stage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
