using Byok.Import.Requests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>The controllers of keys and of stores: how many work at once, and what wakes them.</summary>
internal static class Controllers
{
    public static Controller Keys(OperatorContext around, KeyController workplace, ILoggerFactory logs)
    {
        var options = new ControllerOptions
        {
            Name = "keys",
            Kind = TenantEncryptionKey.Kind.Kind,
            Workers = around.Options.Workers,
            GroupOf = around.Cluster.Records.SpaceOf,
            GroupWorkers = Math.Max(1, around.Options.Workers / 2),
            Resync = around.Options.SteadyRecheck,
            Backoff = BackoffFor(around.Options),
            Triggers =
            [
                // a key not asked yet is no less due than one asked before
                Trigger.Own(around.Cluster.Keys,
                    change => change.TouchesMoreThanStatus && !around.Writes.IsEcho(change), firstListPriority: 0),
                Trigger.Map(around.Cluster.Records.Maps, Inventory.In<KeyRecord>,
                    change => !around.Writes.IsEcho(change)),
                // its record may have to go on
                Trigger.Map(around.Cluster.Keys,
                    key => [around.Cluster.Records.AddressOf<KeyRecord>(RecordOwner.Of(key.Metadata))],
                    change => change.New is null),
                Trigger.Map(around.Cluster.Requests, RequestSecret.KeysOf),
                Trigger.Map(around.Cluster.Tenants.Watch, tenant => TenantWiring.KeysOf(around.Cluster.Tenants, tenant),
                    TenantWiring.Says),
                Trigger.Map(around.Cluster.Keys, key => TenantWiring.OthersOf(around.Cluster.Tenants, key),
                    change => change.New is null),
                // the last user has gone: a key may be waiting for that
                Trigger.Map(around.Cluster.Stores, KeyOf, change => change.New is null),
            ],
        };
        return new Controller(options,
            new LadderReconciler<TenantEncryptionKey, KeyWorld>(workplace, KeyLadder.Choose,
                around.Options.SteadyRecheck), around.Time, logs.CreateLogger<Controller>());
    }

    public static Controller Stores(
        OperatorContext around, KeySnapshotCache board, StoreNeighbours neighbours, Publisher publisher,
        LeadershipFence fence,
        ILoggerFactory logs)
    {
        var workplace = StoreWiring.Build(around, board, neighbours, publisher, fence);
        var options = new ControllerOptions
        {
            Name = "stores",
            Kind = EncryptedStore.Kind.Kind,
            Workers = around.Options.Workers,
            GroupOf = around.Cluster.Records.SpaceOf,
            GroupWorkers = Math.Max(1, around.Options.Workers / 2),
            // after a restart the first look at every store must not crowd out the asking of keys
            RoutineWorkers = Math.Max(1, around.Options.Workers / 4),
            Resync = around.Options.SteadyRecheck,
            Backoff = BackoffFor(around.Options),
            Triggers =
            [
                Trigger.Own(around.Cluster.Stores,
                    change => change.TouchesMoreThanStatus && !around.Writes.IsEcho(change)),
                Trigger.Map(around.Cluster.Records.Maps, Inventory.In<StoreRecord>,
                    change => !around.Writes.IsEcho(change)),
                Trigger.Map(around.Cluster.Stores,
                    store => [around.Cluster.Records.AddressOf<StoreRecord>(RecordOwner.Of(store.Metadata))],
                    change => change.New is null),
                Trigger.Map(around.Cluster.Jobs, StoreOf),
                Trigger.Map(around.Cluster.Tenants.Watch,
                    tenant => TenantWiring.StoresOf(around.Cluster.Tenants, tenant), TenantWiring.Says),
                Trigger.Map(around.Cluster.Tenants.Watch, tenant => TenantWiring.ReleasedBy(around.Cluster, tenant),
                    TenantWiring.Says),
                Trigger.Map(around.Cluster.Stores, store => TenantWiring.OthersOf(around.Cluster.Tenants, store),
                    change => change.New is null),
                Trigger.Map(around.Cluster.Records.Maps, gone => TenantWiring.OthersOf(around.Cluster.Tenants, gone),
                    change => change.New is null),
                Trigger.Map(around.Cluster.Keys, key => around.Cluster.Inventory.StoresUnder(key.Metadata.Key),
                    change => change.New is null),
            ],
        };
        return new Controller(options,
            new LadderReconciler<EncryptedStore, StoreWorld>(workplace, StoreController.Choose,
                around.Options.SteadyRecheck), around.Time, logs.CreateLogger<Controller>());
    }

    private static Kube.Runtime.Scheduling.BackoffPolicy BackoffFor(OperatorOptions options) =>
        new(First: TimeSpan.FromSeconds(1), Ceiling: options.SteadyRecheck * 2);

    private static IEnumerable<ObjectKey> KeyOf(EncryptedStore store) =>
        store.Spec.KeyRef is { } key ? [new ObjectKey(store.Metadata.Namespace ?? "", key.Name)] : [];

    private static IEnumerable<ObjectKey> StoreOf(Job job) =>
        job.Metadata.Annotations?.GetValueOrDefault(CopyJob.StoreAnnotation)?.Split('/') is [var ns, var name]
            ? [new ObjectKey(ns, name)] : [];
}
