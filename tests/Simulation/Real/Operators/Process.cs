using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud;
using Cloud.Stores;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Kubernetes;

namespace Simulation.Real.Operators;

/// <summary>
/// One process of the operator: its real controllers, observers, gates and acts, wired as <c>OperatorHost</c> wires
/// them, over the world's API server and clouds. It remembers what a process remembers, and no more.
/// </summary>
internal sealed class Process : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly KubeClient client;
    private readonly KubeClient led;
    private readonly RecordMacKey seal;
    private readonly ImportWiring imports;
    private readonly KeyController keys;
    private readonly StoreController stores;

    public Process(World world, Weather weather, Seeding seeding)
    {
        Line = new Line(weather, world.Time);
        Fence = new LeadershipFence(world.Time, TimeSpan.MaxValue);
        Fence.Renewed(Fence.Now());
        client = new KubeClient(
            new KubeConnection { Host = "http://cluster", Namespace = World.OperatorNamespace },
            new KubeClientOptions { MaxAttempts = 1 }, world.Time,
            new Wire(world.Server, _ => Line.Call(Domain.Cluster)) { Heard = seeding.Hearing });
        led = client.WithWriteGuard(Fence.ThrowIfLost);
        Watches = new Watches(world.Server, world.People.Client, world.Time);
        seal = new RecordMacKey(World.OperatorNamespace, world.Time, NullLogger<RecordMacKey>.Instance);
        View = new ClusterView(Watches, World.OperatorNamespace, seal);
        var neighbours = new StoreNeighbours(View);
        var options = seeding.Options;
        Around = new OperatorContext(View, led, seeding.Handed(Ports(world)), options, seeding.Time,
            new PendingWrites(world.Time), HasIndexedJobs: true);
        var events = new EventRecorder(client.Api<KubeEvent>(), new EventSource("byok.dev/operator", "sim"), world.Time,
            NullLogger<EventRecorder>.Instance);
        var publisher = new Publisher(events, new NotificationBoard(world.Time, hasSink: false));
        imports = new ImportWiring(client, options, world.Time);
        keys = KeyWiring.Build(Around, imports, Board, publisher, Fence);
        stores = StoreWiring.Build(Around, Board, neighbours, publisher, Fence);
        foreach (var store in View.All)
        {
            _ = store.RunAsync(stop.Token);
        }
    }

    public Line Line { get; }

    public LeadershipFence Fence { get; }

    public Watches Watches { get; }

    public ClusterView View { get; }

    public OperatorContext Around { get; }

    public KeySnapshotCache Board { get; } = new();

    /// <summary>Until the stores have their first list, nothing is reconciled.</summary>
    public bool HasSynced => View.All.All(store => store.HasSynced);

    /// <summary>It has read what its records are signed with; until then it trusts none.</summary>
    public bool IsSealed => seal.IsReady;

    public Task<Outcome> ReconcileKeyAsync(
        ObjectKey key, Script<KeyWorld> script, Func<KeyWorld, Plan<KeyWorld>> choose) =>
        new LadderReconciler<TenantEncryptionKey, KeyWorld>(new Stage<TenantEncryptionKey, KeyWorld>(keys, script),
            choose, Around.Options.SteadyRecheck)
            .ReconcileAsync(key, stop.Token);

    public Task<Outcome> ReconcileStoreAsync(
        ObjectKey store, Script<StoreWorld> script, Func<StoreWorld, Plan<StoreWorld>> choose) =>
        new LadderReconciler<EncryptedStore, StoreWorld>(new Stage<EncryptedStore, StoreWorld>(stores, script), choose,
            Around.Options.SteadyRecheck)
            .ReconcileAsync(store, stop.Token);

    /// <summary>An act on a key out of the blue, on whatever its object is now.</summary>
    public async Task<KeyWorld?> PerformKeyAsync(ObjectKey key, Act act, CancellationToken cancellation)
    {
        var subject = await keys.FindAsync(key, cancellation) ?? throw new InvalidOperationException("the key is gone");
        var world = await keys.LookAsync(subject, cancellation);
        keys.Publish(subject, world);
        return await keys.PerformAsync(subject, world, act, cancellation);
    }

    /// <summary>An act out of the blue, on whatever the object is now.</summary>
    public async Task<StoreWorld?> PerformAsync(ObjectKey store, Act act, CancellationToken cancellation)
    {
        var subject = await stores.FindAsync(store, cancellation)
            ?? throw new InvalidOperationException("the store is gone");
        return await stores.PerformAsync(subject, await stores.LookAsync(subject, cancellation), act, cancellation);
    }

    public void Dispose()
    {
        stop.Cancel();
        seal.Dispose();
        led.Dispose();
        client.Dispose();
        stop.Dispose();
    }

    private IObjectStores Stores(World world, SimStores buckets) =>
        world.IsAzure ? new SimAccounts(buckets, world.Account, Line, Fence.ThrowIfLost) : buckets;

    private CloudPorts Ports(World world) => new(
        new SimKeys(world.Account, Line, Fence.ThrowIfLost),
        new SimImports(world.Account, Line, Fence.ThrowIfLost),
        new SimPolicies(),
        Stores(world, new SimStores(world.Account, Line, Fence.ThrowIfLost)),
        new SimData(world.Account, Line, Fence.ThrowIfLost),
        new SimEncryption(world.Account, Line, Fence.ThrowIfLost));
}
