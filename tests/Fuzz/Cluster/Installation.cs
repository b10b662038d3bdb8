using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using FakeApiServer;
using Fuzz.Running;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fuzz.Cluster;

/// <summary>One process of the operator: its real controllers, observers, gates and acts,
/// wired as <c>OperatorHost</c> wires them.</summary>
internal sealed class Installation : IDisposable
{
    public const string Namespace = "byok-system";

    private readonly CancellationTokenSource stop = new();
    private readonly KubeClient client;
    private readonly RecordMacKey macKey;
    private readonly ImportWiring imports;
    private readonly LadderReconciler<TenantEncryptionKey, KeyWorld> keys;
    private readonly LadderReconciler<EncryptedStore, StoreWorld> stores;

    /// <param name="server">What outlives the process.</param>
    /// <param name="cloud">The clouds, as this process reaches them.</param>
    /// <param name="time">Of everybody.</param>
    public Installation(ApiServerCore server, CloudPorts cloud, ManualTime time)
    {
        var fence = new LeadershipFence(time, TimeSpan.MaxValue);
        fence.Renewed(fence.Now());
        client = Client(server, time);
        Watches = new Watches(server, client, time);
        macKey = new RecordMacKey(Namespace, time, NullLogger<RecordMacKey>.Instance);
        View = new ClusterView(Watches, Namespace, macKey);
        var options = new OperatorOptions { Namespace = Namespace };
        Around = new OperatorContext(View, client, cloud, options, time, new PendingWrites(time),
            HasIndexedJobs: true) { FactReader = new FactReader(Missed) };
        var events = new EventRecorder(client.Api<KubeEvent>(), new EventSource("byok.dev/operator", "fuzz"), time,
            NullLogger<EventRecorder>.Instance);
        var publisher = new Publisher(events, new NotificationBoard(time, hasSink: false));
        imports = new ImportWiring(client, options, time);
        var board = new KeySnapshotCache();
        keys = new(KeyWiring.Build(Around, imports, board, publisher, fence), KeyLadder.Choose, options.SteadyRecheck);
        stores = new(StoreWiring.Build(Around, board, new StoreNeighbours(View), publisher, fence),
            StoreController.Choose,
            options.SteadyRecheck);
        foreach (var store in View.All)
        {
            _ = store.RunAsync(stop.Token);
        }
    }

    /// <summary>What looked like a bug to the operator itself.</summary>
    public MissedLooks Missed { get; } = new();

    public Watches Watches { get; }

    public ClusterView View { get; }

    public OperatorContext Around { get; }

    public static KubeClient Client(ApiServerCore server, TimeProvider time) => new(
        new KubeConnection { Host = "http://cluster", Namespace = Namespace },
        new KubeClientOptions { MaxAttempts = 1 }, time, new ApiWire(server));

    /// <summary>One look at each that is followed. A reconcile may fail, and be tried again;
    /// what it may not is fail as a whole.</summary>
    public async Task RoundAsync(IEnumerable<ObjectKey> keyed, IEnumerable<ObjectKey> stored)
    {
        foreach (var key in keyed)
        {
            await TryAsync(keys, key);
        }

        foreach (var store in stored)
        {
            await TryAsync(stores, store);
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        macKey.Dispose();
        client.Dispose();
        stop.Dispose();
    }

    private async Task TryAsync(IReconciler reconciler, ObjectKey key)
    {
        const int MostAtOnce = 30;
        for (var times = 0; times < MostAtOnce; times++)
        {
            try
            {
                Watches.CatchUp();
                if (await reconciler.ReconcileAsync(key, stop.Token) is not Outcome.Again)
                {
                    return;
                }
            }
            catch (ReconcileException failed) when (failed.Failures.Count > 0 || failed.InnerException is KubeException)
            {
                // acts that failed, told in the status; or a status that the server does not take, which comes last
                return;
            }
        }
    }
}
