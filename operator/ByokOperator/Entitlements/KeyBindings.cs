using ByokOperator.Api;
using Cloud.Keys;

namespace ByokOperator.Entitlements;

/// <summary>What a tenant's keys are for, as the platform says: in which buckets, by whom. Pure.</summary>
internal static class KeyBindings
{
    /// <returns>Null where there is no such Tenant, or one that can't be followed:
    /// what stands is left as it is.</returns>
    public static KeyBinding? Of(string tenant, Authority authority) => authority.Followed(tenant) is not { } spec
        ? null
        : new KeyBinding(tenant, Buckets(tenant, spec.Stores.BucketNames), authority.WorkloadsOf(tenant));

    /// <summary>All that the tenant may get by itself, and what the platform lets it name.</summary>
    private static IReadOnlyList<string> Buckets(string tenant, IReadOnlyList<string> named) =>
        named.Contains(TenantSpec.Anything)
            ? [TenantSpec.Anything]
            : [DerivedNames.BucketPrefix(tenant) + "*", .. named.Order(StringComparer.Ordinal)];
}
