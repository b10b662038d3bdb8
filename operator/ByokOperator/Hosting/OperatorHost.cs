using System.Globalization;
using Byok.Import.Requests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.Events;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>
/// The host of the controllers. What all of a process needs once is registered; the operator itself is wired by hand,
/// so that what talks to what can be read here.
/// </summary>
internal static class OperatorHost
{
    /// <summary>Indexed Jobs can be relied on from this minor version of Kubernetes 1 on.</summary>
    private const int IndexedJobsSince = 24;

    /// <summary>Adds the operator: its options, which are checked, its clients,
    /// its lease and its controllers.</summary>
    /// <param name="builder">Whose logging is the caller's, and any client or cloud that it has already.</param>
    /// <param name="options">As the command line says.</param>
    /// <param name="violations">What is wrong about them, and about whatever else they go with.</param>
    public static WebApplicationBuilder AddByokOperator(
        this WebApplicationBuilder builder,
        OperatorOptions options,
        Func<OperatorOptions, IEnumerable<string>> violations)
    {
        var given = builder.Services.AddChecked(options, violations);
        given.TryAddSingleton<KubeClient>(
            services => Launch.Client(Options(services).Kubeconfig, Options(services).Context));
        given.TryAddSingleton<LeaderElector>(Election);
        given.TryAddSingleton<Clouds>(CloudsOf);
        given.TryAddSingleton<CloudPorts>(services => services.GetRequiredService<Clouds>().Ports);
        return builder.AddKubernetesOperator(
            services => Options(services).Metrics.Serving(Options(services).Listen, Client(services)), WireAsync);
    }

    private static OperatorOptions Options(IServiceProvider services) => services.Checked<OperatorOptions>();

    private static KubeClient Client(IServiceProvider services) => services.GetRequiredService<KubeClient>();

    private static ILoggerFactory Logs(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>();

    private static LeaderElector Election(IServiceProvider services)
    {
        var options = Options(services);
        return new LeaderElector(
            Client(services).Api<Lease>(),
            new LeaderElectionOptions
            {
                Lease = new ObjectKey(options.Namespace, options.Lease.Name),
                Identity = options.Identity,
                Duration = options.Lease.Duration,
                RenewDeadline = options.Lease.RenewDeadline,
                RetryPeriod = options.Lease.RetryPeriod,
                SafetyMargin = options.Lease.SafetyMargin,
            },
            TimeProvider.System,
            Logs(services).CreateLogger<LeaderElector>());
    }

    /// <summary>Every change asks whether we lead at that moment (law 10).</summary>
    private static Clouds CloudsOf(IServiceProvider services) => Launch.Clouds(
        Options(services).Aws,
        Options(services).Azure,
        Logs(services),
        services.GetRequiredService<LeaderElector>().Fence.ThrowIfLost);

    private static async Task<Manager> WireAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var version = await Client(services).GetServerVersionAsync(cancellation);
        var manager = Wire(
            Options(services),
            Client(services),
            services.GetRequiredService<LeaderElector>(),
            services.GetRequiredService<CloudPorts>(),
            HasIndexedJobs(version),
            Logs(services));
        foreach (var part in services.GetServices<IRunnable>())
        {
            manager.AddBeside(part);
        }

        return manager;
    }

    /// <param name="options">Checked already.</param>
    /// <param name="client">Of the lease, of Events and of watches;
    /// the controllers' writes ask for leave on top.</param>
    /// <param name="election">Whose fence is asked before each change.</param>
    /// <param name="cloud">Ports whose changes all ask for that leave.</param>
    /// <param name="hasIndexedJobs">Whether the API server runs them.</param>
    /// <param name="logs">Where everything is told.</param>
    private static Manager Wire(
        OperatorOptions options,
        KubeClient client,
        LeaderElector election,
        CloudPorts cloud,
        bool hasIndexedJobs,
        ILoggerFactory logs)
    {
        var time = TimeProvider.System;
        var view = new ClusterView(client, options.Namespace, time, logs, options.ImportNamespace);
        var neighbours = new StoreNeighbours(view);
        var events = new EventRecorder(client.Api<KubeEvent>(), new EventSource("byok.dev/operator", options.Identity),
            time, logs.CreateLogger<EventRecorder>());
        var led = client.WithWriteGuard(election.Fence.ThrowIfLost);
        var around = new OperatorContext(view, led, cloud, options, time, new PendingWrites(time), hasIndexedJobs)
        {
            FactReader = new FactReader(logs.CreateLogger<FactReader>()),
            Left = new LeftBehind(logs.CreateLogger<LeftBehind>()),
            Older = new OlderDefinitions(logs.CreateLogger<OlderDefinitions>()),
            ReportKeys = new ReportKeys(led, options.Namespace, time, logs.CreateLogger<ReportKeys>()),
        };
        var publisher = new Publisher(events, new NotificationBoard(time, options.NotificationSink is not null));
        var sender = NotificationRoute.Of(options, election.Fence) is { } route
            ? new NotificationSender(route, publisher.Notifications, time, logs.CreateLogger<NotificationSender>())
            : null;
        var board = new KeySnapshotCache();
        var imports = new ImportWiring(client, options, time);
        var keys = Controllers.Keys(around, KeyWiring.Build(around, imports, board, publisher, election.Fence), logs);
        var stores = Controllers.Stores(around, board, neighbours, publisher, election.Fence, logs);
        var tenants = TenantWiring.Build(around, events, logs);
        board.Changed += key => WakeStores(view, stores, key);
        board.Stirred += store => stores.Enqueue(store);

        var manager = new Manager(new ManagerOptions(), time, logs.CreateLogger<Manager>());
        manager.Owning(led, sender, keys, stores, tenants).LedBy(election);
        foreach (var store in view.All)
        {
            manager.AddInformer(store);
        }

        manager.AddBeside(events).AddLed(keys).AddLed(stores).AddLed(tenants);
        imports.AddTo(manager, around, election.Fence, logs);
        return sender is null ? manager : manager.AddLed(sender);
    }

    // Ahead of everything else that is due: a key that turned may have to close its stores within seconds.
    private static void WakeStores(ClusterView view, Controller stores, ObjectKey key)
    {
        const int Urgent = 100;
        foreach (var store in view.Inventory.StoresUnder(key))
        {
            stores.Enqueue(store, Urgent);
        }
    }

    // Providers write minors such as "29+".
    private static bool HasIndexedJobs(KubeVersion version) =>
        int.TryParse(version.Minor.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && minor >= IndexedJobsSince;
}
