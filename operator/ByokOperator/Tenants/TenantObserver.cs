using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Tenants;

/// <summary>Looks at what a Tenant says, beside what the others say. Changes nothing.</summary>
internal sealed class TenantObserver(OperatorContext around)
{
    public async Task<TenantWorld> LookAsync(Tenant tenant, CancellationToken cancellation)
    {
        var glance = around.FactReader.At(cancellation);
        return Near(tenant) with
        {
            Overlaps = glance.Of(() => around.Cluster.Tenants.Authority.OverlapsOf(tenant)),
            Adoptions = glance.Of(() => Adoptions.Of(tenant, around.Cluster.Tenants)),
            Missing = await glance.OfAsync(token => MissingAsync(tenant, token)),
        };
    }

    /// <summary>What the object says itself.</summary>
    public static TenantWorld Near(Tenant tenant) => new()
    {
        Violations = [.. TenantRules.Check(tenant).Select(violation => violation.ToString())],
        Overlaps = Fact.Blind<IReadOnlyList<string>>(FactReader.LookFailed),
        Lacks = LacksOf(tenant.Spec),
        Missing = Fact.Blind<IReadOnlyList<string>>(FactReader.LookFailed),
    };

    private static string LacksOf(TenantSpec spec) =>
        spec.Namespaces is [] ? "the tenant has no namespace: name one in spec.namespaces"
        : spec.Keys is { AwsAccounts: [], Vaults: [] }
            && spec.Stores.AwsRegions is []
                ? "no key may be brought: name an account or a vault in spec.keys, or a region in spec.stores for "
                    + "imported ones"
        : spec.Stores is { AwsRegions: [], Azure: [] }
            ? "no store may stand anywhere: name a region or a resource group in spec.stores"
        : "";

    /// <summary>Something of ours in it shows that it is there; the others are asked for by name.</summary>
    private async Task<IReadOnlyList<string>> MissingAsync(Tenant tenant, CancellationToken cancellation)
    {
        List<string> missing = [];
        foreach (var ns in tenant.Spec.Namespaces.Select(one => one.Name))
        {
            if (around.Cluster.Tenants.KeysIn(ns) is [] && around.Cluster.Tenants.StoresIn(ns) is []
                && await around.Kube.Api<PartialObject<NamespaceObject>>()
                    .TryGetAsync(new ObjectKey("", ns), cancellation) is null)
            {
                missing.Add(ns);
            }
        }

        return missing;
    }
}
