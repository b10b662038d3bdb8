using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Records;

namespace ByokOperator.Cluster;

/// <summary>What the platform's word of one moment makes of an object, as far as its spec is followed, and with what
/// its record says of whose it is.</summary>
internal static class Rulings
{
    public static Ruling Judge(this ClusterView cluster, TenantEncryptionKey key, Authority authority) =>
        cluster.Tenants.Judge(cluster.Standing(key), authority, cluster.RecordOf(key).Parsed?.Tenant);

    /// <summary>Nothing begins under a key that the platform did not give, or took back,
    /// whatever the store itself may name.</summary>
    public static Ruling Judge(this ClusterView cluster, EncryptedStore store, Authority authority)
    {
        var standing = cluster.Standing(store);
        var ruling = cluster.Tenants.Judge(standing, authority, cluster.RecordOf(store).Parsed?.Tenant);
        return ruling is Ruling.Granted && cluster.FindKey(standing.KeyAddress) is { } key
            && cluster.Judge(key, authority) is Ruling.Refused
            ? Ruling.NotGranted(
                [$"spec.keyRef: the platform did not give what key {key.Metadata.Name} names, or took it back: see "
                    + "the condition Granted of that key"])
            : ruling;
    }

    /// <summary>Whether a key was refused before anything of it was begun: nobody will ever judge it.</summary>
    public static bool IsHeldOff(this ClusterView cluster, TenantEncryptionKey key) => !key.IsRecordedOnly
        && cluster.Judge(key, cluster.Tenants.Authority) is Ruling.Refused
        && KeyScope.Begun(cluster.Standing(key), cluster.RecordOf(key)) is null
        && !cluster.HasStores(key);

    /// <summary>A store was put under the key, whatever became of the key's own record.</summary>
    public static bool HasStores(this ClusterView cluster, TenantEncryptionKey key) =>
        cluster.Records.IsNeeded(key.Metadata.Key, key.Metadata.Uid ?? "");

    /// <summary>By the tenant that the record names: it counts where the record is our own, and of every place that it
    /// speaks of.</summary>
    public static bool IsReleased(this ClusterView cluster, EncryptedStore store, Authority authority) =>
        cluster.RecordOf(store).Trusted is { } record
            && record.Targets.All(place => authority.Releases(record.Tenant, StorePlace.HolderOf(place)));

    /// <summary>What a store names is taken once it was put there, or may be.
    /// A wish that nobody granted keeps nobody else out.</summary>
    public static bool Holds(this ClusterView cluster, EncryptedStore store) =>
        cluster.RecordOf(store) is not Recorded<StoreRecord>.Absent
            || cluster.Tenants.Judge(store, cluster.Tenants.Authority, null) is Ruling.Granted;
}
