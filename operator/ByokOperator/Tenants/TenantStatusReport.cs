using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using Kube.Core;

namespace ByokOperator.Tenants;

/// <summary>A Tenant's status: what stands in its namespaces, as the objects themselves show it.</summary>
internal static class TenantStatusReport
{
    /// <summary>As the schema bounds it.</summary>
    private const int MostUncovered = 128;

    public static TenantStatus Of(Tenant tenant, TenantView view, IReadOnlyList<Condition> conditions)
    {
        IReadOnlyList<TenantStatusInstance> instances =
            [.. view.Authority.NamespacesOf(tenant).Select(one => Of(one, view))];
        return new TenantStatus
        {
            ObservedGeneration = tenant.Metadata.Generation,
            Conditions = conditions,
            Keys = instances.Sum(one => one.Keys),
            Stores = instances.Sum(one => one.Stores),
            Closed = instances.Sum(one => one.Closed),
            Instances = instances,
            Uncovered = [.. Uncovered(tenant, [.. instances.SelectMany(one => view.StoresIn(one.Namespace))])
                .Take(MostUncovered)],
            LastHandledReconcileAt = tenant.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt),
        };
    }

    private static TenantStatusInstance Of(TenantSpecNamespace one, TenantView view)
    {
        var stores = view.StoresIn(one.Name);
        return new TenantStatusInstance
        {
            Namespace = one.Name,
            Instance = one.Instance,
            Keys = view.KeysIn(one.Name).Count,
            Stores = stores.Count,
            Open = stores.Count(store => store.Status?.Availability is "Open" or "Paused"),
            Closed = stores.Count(store => store.Status?.Availability is "Closing" or "Closed"),
        };
    }

    /// <summary>Data that stands without the tenant's key:
    /// a place of which no part is the source of some store that names one.</summary>
    private static IEnumerable<string> Uncovered(Tenant tenant, IReadOnlyList<EncryptedStore> stores)
    {
        var taken = stores.Where(store => store.Spec.KeyRef is not null)
            .Select(store => StorePlace.Of(store.Spec).Shared).OfType<SharedPlace>()
            .ToLookup(place => place.Name, place => place.Prefix);
        return Claim.Of(tenant.Spec, 0).Where(claim => claim.Field.StartsWith("spec.shared.", StringComparison.Ordinal))
            .Where(claim =>
                !taken[claim.Thing[(claim.Thing.IndexOf(' ', StringComparison.Ordinal) + 1)..]]
                    .Any(prefix => FieldRules.Overlap(prefix, claim.Prefix)))
            .Select(claim => claim.Words);
    }
}
