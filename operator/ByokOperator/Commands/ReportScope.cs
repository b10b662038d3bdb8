using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Client;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>Whose stores a report is asked of.</summary>
/// <param name="Name">In a person's words.</param>
/// <param name="Stores">Of them, in the order of their names.</param>
/// <param name="Uncovered">Shared places that no store takes its data from, as the Tenants' statuses say.</param>
internal sealed record ReportScope(string Name, IReadOnlyList<ObjectKey> Stores, IReadOnlyList<string> Uncovered)
{
    public static ReportScope Of(ObjectKey store) => new($"store {store}", [store], []);

    /// <exception cref="KubeException">There is no such Tenant, or it may not be read.</exception>
    public static async Task<ReportScope> OfTenantAsync(KubeClient client, string name, CancellationToken cancellation)
    {
        var tenant = await client.Api<Tenant>().GetAsync(new ObjectKey("", name), cancellation);
        var stores = new List<ObjectKey>();
        foreach (var ns in tenant.Spec.Namespaces.Select(one => one.Name).Distinct())
        {
            stores.AddRange(await StoresAsync(client, new Selection { Namespace = ns }, cancellation));
        }

        return new($"tenant {name}", Sorted(stores), tenant.Status?.Uncovered ?? []);
    }

    public static async Task<ReportScope> OfAllAsync(KubeClient client, CancellationToken cancellation)
    {
        var uncovered = new List<string>();
        await foreach (var page in client.Api<Tenant>().ListAsync(new Selection(), cancellation))
        {
            uncovered.AddRange(
                page.Items.SelectMany(tenant =>
                    (tenant.Status?.Uncovered ?? []).Select(place => $"{tenant.Metadata.Name}: {place}")));
        }

        return new("all tenants", Sorted(await StoresAsync(client, new Selection(), cancellation)), uncovered);
    }

    private static async Task<List<ObjectKey>> StoresAsync(
        KubeClient client, Selection selection, CancellationToken cancellation)
    {
        var stores = new List<ObjectKey>();
        await foreach (var page in client.Api<EncryptedStore>().ListAsync(selection, cancellation))
        {
            stores.AddRange(page.Items.Select(store => store.Metadata.Key));
            stores.AddRange(page.Unreadable.Select(bad => bad.Key));
        }

        return stores;
    }

    private static IReadOnlyList<ObjectKey> Sorted(IEnumerable<ObjectKey> stores) =>
        [.. stores.OrderBy(store => store.Namespace, StringComparer.Ordinal)
            .ThenBy(store => store.Name, StringComparer.Ordinal)];
}
