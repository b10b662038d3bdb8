using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tenants;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Events;
using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what reconciles Tenants.</summary>
internal static class TenantWiring
{
    public static Controller Build(OperatorContext around, EventRecorder events, ILoggerFactory logs)
    {
        var view = around.Cluster.Tenants;
        var options = new ControllerOptions
        {
            Name = "tenants",
            Kind = Tenant.Kind.Kind,
            Workers = 1,
            Resync = around.Options.SteadyRecheck,
            Backoff = new BackoffPolicy(First: TimeSpan.FromSeconds(1), Ceiling: around.Options.SteadyRecheck * 2),
            Triggers =
            [
                Trigger.Own(view.Watch),
                Trigger.Map(view.Watch, tenant => view.Authority.TouchedBy(tenant).Select(other => other.Metadata.Key),
                    change => change is { TouchesMoreThanStatus: true, IsFirstList: false }),
                Trigger.Map(around.Cluster.Keys, key => OwnerOf(view, key.Metadata),
                    change => !change.IsFirstList && (change.New is null || change.Old is null)),
                Trigger.Map(around.Cluster.Stores, store => OwnerOf(view, store.Metadata), IsCounted),
            ],
        };
        return new Controller(
            options,
            new LadderReconciler<Tenant, TenantWorld>(new TenantController(around, events), TenantLadder.Choose,
                around.Options.SteadyRecheck), around.Time, logs.CreateLogger<Controller>());
    }

    /// <summary>A Tenant says something else than before, or is gone.
    /// What was there at the start wakes everything by itself.</summary>
    public static bool Says(Change<Tenant> change) => change is { TouchesMoreThanStatus: true, IsFirstList: false };

    public static IEnumerable<ObjectKey> KeysOf(TenantView view, Tenant tenant) =>
        Concerned(view, tenant).SelectMany(view.KeysIn).Select(key => key.Metadata.Key);

    public static IEnumerable<ObjectKey> StoresOf(TenantView view, Tenant tenant) =>
        Concerned(view, tenant).SelectMany(view.StoresIn).Select(store => store.Metadata.Key);

    /// <summary>What is left in the places that the platform says it deleted.</summary>
    public static IEnumerable<ObjectKey> ReleasedBy(ClusterView cluster, Tenant tenant) =>
        tenant.Spec.Released is [] ? []
            : cluster.Records.Maps.List().Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>()
                .Where(record =>
                    record.Tenant == tenant.Metadata.Name
                        && record.Targets.Select(StorePlace.HolderOf)
                            .Any(place => tenant.Spec.Released.Any(one => one.Place == place)))
                .Select(record => cluster.Records.AddressOf<StoreRecord>(record.Owner));

    /// <summary>One has gone: another may come within the limit.</summary>
    public static IEnumerable<ObjectKey> OthersOf(TenantView view, TenantEncryptionKey gone) =>
        NamespacesOf(view, gone.Metadata).SelectMany(view.KeysIn).Select(key => key.Metadata.Key);

    public static IEnumerable<ObjectKey> OthersOf(TenantView view, EncryptedStore gone) =>
        NamespacesOf(view, gone.Metadata).SelectMany(view.StoresIn).Select(store => store.Metadata.Key);

    /// <summary>A place is gone that nobody's object asked for any more:
    /// another store may come within the limit.</summary>
    public static IEnumerable<ObjectKey> OthersOf(TenantView view, ConfigMap gone) =>
        RecordCodec.Peek<StoreRecord>(gone) is { } record
            && view.Authority.Tenants.FirstOrDefault(tenant => tenant.Metadata.Name == record.Tenant) is { } tenant
            ? view.Authority.NamespacesOf(tenant).SelectMany(one => view.StoresIn(one.Name))
                .Select(store => store.Metadata.Key)
            : [];

    private static IEnumerable<string> NamespacesOf(TenantView view, ObjectMeta metadata) =>
        view.Authority.TenantOf(metadata.Namespace ?? "") is { } tenant
            ? view.Authority.NamespacesOf(tenant).Select(one => one.Name) : [];

    /// <summary>Its namespaces, and those of whoever names something of what it names, or anything.</summary>
    private static IEnumerable<string> Concerned(TenantView view, Tenant tenant) =>
        view.Authority.TouchedBy(tenant).Append(tenant).SelectMany(one => one.Spec.Namespaces).Select(one => one.Name)
            .Distinct();

    private static IEnumerable<ObjectKey> OwnerOf(TenantView view, ObjectMeta metadata) =>
        view.Authority.TenantOf(metadata.Namespace ?? "") is { } tenant ? [tenant.Metadata.Key] : [];

    /// <summary>What a Tenant's status says of a store.</summary>
    private static bool IsCounted(Change<EncryptedStore> change) =>
        !change.IsFirstList
            && (change.New?.Status?.Availability != change.Old?.Status?.Availability || change.New is null
                || change.Old is null);
}
