using System.Diagnostics;
using System.Globalization;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Benchmarks;

/// <summary>A cloud, an API server, and tenants with a key and a store each.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int SideBySide = 32;
    private const string Owner = "benchmarks";
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(500);

    private readonly ControlPlane control;
    private readonly string kubeconfig = Path.GetTempFileName();

    private Fleet(CloudProcess cloud, ControlPlane control)
    {
        Cloud = cloud;
        this.control = control;
        Kube = new KubeClient(KubeConfig.Parse(control.Kubeconfig));
    }

    public CloudProcess Cloud { get; }

    public KubeClient Kube { get; }

    public static async Task<Fleet> StartAsync(CancellationToken cancellation)
    {
        var control = await ControlPlane.StartAsync(cancellation);
        var fleet = new Fleet(await CloudProcess.StartAsync(cancellation), control);
        await File.WriteAllTextAsync(fleet.kubeconfig, control.Kubeconfig, cancellation);
        await fleet.Kube.Api<NamespaceObject>()
            .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = "byok-system" } }, cancellation,
                Owner);
        return fleet;
    }

    /// <summary>Keys in tenants' accounts, and the two objects of each tenant. Nothing is shared,
    /// so nothing is to be copied.</summary>
    public async Task PopulateAsync(
        int tenants, string probeInterval, CancellationToken cancellation, int keysEach = 1)
    {
        using var aws = Cloud.Connect();
        await Parallel.ForEachAsync(Enumerable.Range(0, tenants),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation },
            async (number, stop) =>
            {
                var ns = SpaceOf(number);
                await TenantAsync(ns, keysEach, stop);
                await KeyAsync(new ObjectKey(ns, "key"), (await Cloud.CreateKeyAsync(aws, ns, stop)).Id, probeInterval,
                    stop);
                await Kube.Api<EncryptedStore>().ApplyAsync(
                    new EncryptedStore
                    {
                        Metadata = new ObjectMeta { Name = "store", Namespace = ns },
                        Spec = new EncryptedStoreSpec
                        {
                            KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                            Aws = new AwsStore { Region = CloudProcess.Region },
                        },
                    },
                    Owner, stop);
            });
    }

    /// <summary>Keys of one tenant, and nothing under them.</summary>
    public async Task CrowdAsync(string ns, int count, string probeInterval, CancellationToken cancellation)
    {
        using var aws = Cloud.Connect();
        await TenantAsync(ns, count, cancellation);
        var beside = new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, count), beside, async (number, stop) =>
            await KeyAsync(new ObjectKey(ns, $"key-{number}"), (await Cloud.CreateKeyAsync(aws, ns, stop)).Id,
                probeInterval, stop));
    }

    private async Task TenantAsync(string ns, int keys, CancellationToken cancellation)
    {
        await Kube.Api<NamespaceObject>()
            .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = ns } }, cancellation, Owner);
        await Kube.Api<Tenant>().ApplyAsync(
            new Tenant
            {
                Metadata = new ObjectMeta { Name = ns },
                Spec = new TenantSpec
                {
                    Namespaces = [new() { Name = ns }],
                    Keys = new() { AwsAccounts = ["*"] },
                    Stores = new() { AwsRegions = [CloudProcess.Region] },
                    Limits = new() { Keys = keys, MinProbeInterval = "1s", MaxStaleness = "72h" },
                },
            },
            Owner, cancellation);
    }

    public Task<TenantEncryptionKey> KeyAsync(
        ObjectKey name, string arn, string probeInterval, CancellationToken cancellation) =>
            Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = name.Name, Namespace = name.Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    Revocation = new KeyRevocation { ProbeInterval = probeInterval, MaxStaleness = "72h" },
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = CloudProcess.Region, Arn = arn }] },
                },
            },
            Owner, cancellation);

    /// <summary>The operator as it runs in a pod, but for the container.</summary>
    public Child StartOperator() => Child.Start(
        OperatorFile,
        ["run", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", "--image", "none", "--steady-recheck", "24h"],
        Cloud.Environment);

    /// <summary>The import API as it runs in a pod of its own, but for the container.</summary>
    public Child StartImportApi(int port) => Child.Start(
        OperatorFile,
        ["import-api", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", "--api-listen",
            $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"],
        new Dictionary<string, string> { ["BYOK_LOG_LEVEL"] = "Warning" });

    public static string SpaceOf(int tenant) => $"tenant-{tenant.ToString("00000", CultureInfo.InvariantCulture)}";

    public static string OperatorFile =>
        Environment.GetEnvironmentVariable("BENCH_OPERATOR") is { Length: > 0 } given ? given
            : Child.Beside("byok-operator");

    /// <summary>Of the cloud, the API server and etcd together.</summary>
    public TimeSpan ServersCpu => control.Cpu + Cloud.Cpu;

    public Task<IReadOnlyList<RequestCount>> CountsAsync(CancellationToken cancellation) =>
        control.CountsAsync(cancellation);

    /// <summary>Lists all only once one that was not ready is,
    /// so that looking costs the server next to nothing.</summary>
    /// <returns>How many requests this looking itself made.</returns>
    public async Task<int> UntilReadyAsync(int stores, Child watched, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (var requests = 0; ;)
        {
            List<EncryptedStore> open = [];
            var all = 0;
            await foreach (var page in Kube.Api<EncryptedStore>().ListAsync(Selection.Everything, cancellation))
            {
                requests++;
                all += page.Items.Count;
                open.AddRange(page.Items.Where(store => !IsReady(store)));
            }

            if (open.Count == 0 && all == stores)
            {
                return requests;
            }

            for (var one = open[^1]; !IsReady(one); requests++)
            {
                await Task.Delay(look, cancellation);
                one = await Kube.Api<EncryptedStore>().TryGetAsync(one.Metadata.Key, cancellation) ?? one;
                await DemandProgressAsync(clock,
                    $"{open.Count} of {stores} stores were not ready; one says: {Find(one)?.Reason} "
                        + $"{Find(one)?.Message}", watched, cancellation);
            }
        }
    }

    private static async Task DemandProgressAsync(
        Stopwatch clock, string otherwise, Child watched, CancellationToken cancellation)
    {
        if (clock.Elapsed > timeout)
        {
            throw new TimeoutException($"after {timeout} {otherwise}");
        }

        if (!watched.IsRunning)
        {
            await watched.SucceedAsync(cancellation);
        }
    }

    private static bool IsReady(EncryptedStore store) => Find(store)?.Status == "True";

    private static Condition? Find(EncryptedStore store) => Conditions.Find(store.Status?.Conditions ?? [], "Ready");

    public async ValueTask DisposeAsync()
    {
        Kube.Dispose();
        await control.DisposeAsync();
        await Cloud.DisposeAsync();
        File.Delete(kubeconfig);
    }
}
