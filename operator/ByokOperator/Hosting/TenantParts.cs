using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Tenants;
using Kube.Core;
using Kube.Runtime.Controlling;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Speaking;
using Kube.Runtime.Watching;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what reconciles Tenants.</summary>
internal static class TenantParts
{
    public static Controller Build(Surroundings around, EventRecorder events, ILoggerFactory logs)
    {
        var view = around.Cluster.Tenants;
        var options = new ControllerOptions
        {
            Name = "tenants",
            Workers = 1,
            Resync = around.Options.SteadyRecheck,
            Backoff = new BackoffPolicy(First: TimeSpan.FromSeconds(1), Ceiling: around.Options.SteadyRecheck * 2),
            Triggers =
            [
                Trigger.Own(view.Watch),
                Trigger.Map(view.Watch, tenant => view.Authority.TouchedBy(tenant).Select(other => other.Metadata.Key), change => change is { TouchesMoreThanStatus: true, IsFirstList: false }),
                Trigger.Map(around.Cluster.Keys, key => OwnerOf(view, key.Metadata), change => change.New is null || change.Old is null),
                Trigger.Map(around.Cluster.Stores, store => OwnerOf(view, store.Metadata), IsCounted),
            ],
        };
        return new Controller(
            options, new LadderReconciler<Tenant, TenantWorld>(new TenantController(around, events), TenantLadder.Choose, around.Options.SteadyRecheck), around.Time, logs.CreateLogger<Controller>());
    }

    private static IEnumerable<ObjectKey> OwnerOf(TenantView view, ObjectMeta metadata) =>
        view.Authority.TenantOf(metadata.Namespace ?? "") is { } tenant ? [tenant.Metadata.Key] : [];

    /// <summary>What a Tenant's status says of a store.</summary>
    private static bool IsCounted(Change<EncryptedStore> change) =>
        change.New?.Status?.Availability != change.Old?.Status?.Availability || change.New is null || change.Old is null;
}
