using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Records;

namespace ByokOperator.Cluster;

/// <summary>
/// What an earlier object of the same namespace and name left, as far as records and the platform's consent tell: after
/// a cluster was lost and restored, objects have other UIDs than what stands in the clouds.
/// </summary>
internal static class Takeovers
{
    /// <summary>Null where the store has its own place for good, or nothing is known of an earlier one.</summary>
    public static Takeover? TakeoverOf(this ClusterView cluster, EncryptedStore store)
    {
        var own = cluster.RecordOf(store);
        if (store.IsRecordedOnly
            || own is not (Recorded<StoreRecord>.Absent
                or Recorded<StoreRecord>.Authentic { Record: { Origin: not null, IsTakenBack: false } })
            || cluster.Tenants.Authority.TenantOf(store.Metadata.Namespace ?? "")?.Metadata.Name is not { } tenant)
        {
            return null;
        }

        var consent = cluster.Consented(cluster.Tenants.Authority.ConsentFor(store));
        var left = cluster.LeftBy(store).ToList();
        var (origin, fault) = own.Trusted?.Origin is { } begun ? (begun, null)
            : Chosen(left.ConvertAll(one => (one.Origin, one.Record.Fault)), consent
                ?? (left is [] ? cluster.Earlier.Find(store) : null));
        return origin is null ? null : Takeover.Of(store, tenant, origin, origin == consent) with { Fault = fault };
    }

    /// <summary>Null for keys that tenants keep, where the key has its own ones,
    /// and where nothing is known of an earlier one.</summary>
    public static Takeover? TakeoverOf(this ClusterView cluster, TenantEncryptionKey key)
    {
        if (key.IsRecordedOnly || key.Spec.Imported is null
            || cluster.RecordOf(key) is not (Recorded<KeyRecord>.Absent
                or Recorded<KeyRecord>.Authentic { Record.IsBlank: true })
            || cluster.Tenants.Authority.TenantOf(key.Metadata.Namespace ?? "")?.Metadata.Name is not { } tenant)
        {
            return null;
        }

        var consent = cluster.Consented(cluster.Tenants.Authority.ConsentFor(key));
        var (origin, fault) = Chosen([.. cluster.LeftBy(key).Select(one => (one.Origin, one.Record.Fault))], consent
            ?? cluster.Earlier.Find(key));
        return origin is null ? null : Takeover.Of(key, tenant, origin, origin == consent) with { Fault = fault };
    }

    /// <summary>Records of earlier objects of that name, with the uid that each one's names are made of. What another
    /// tenant's object left is not among them.</summary>
    public static IEnumerable<(string Origin, RecordOwner Owner, Recorded<StoreRecord> Record)> LeftBy(
        this ClusterView cluster, EncryptedStore store) =>
        cluster.Records.Others<StoreRecord>(RecordOwner.Of(store.Metadata))
            .Where(other => cluster.IsOf(other.Owner.Namespace, other.Record.Parsed?.Tenant))
            .Select(other => (other.Record.Parsed?.Identity ?? other.Owner.Uid, other.Owner, other.Record));

    /// <summary>The same of keys whose material was imported.</summary>
    public static IEnumerable<(string Origin, RecordOwner Owner, Recorded<KeyRecord> Record)> LeftBy(
        this ClusterView cluster, TenantEncryptionKey key) =>
        cluster.Records.Others<KeyRecord>(RecordOwner.Of(key.Metadata))
            .Where(other =>
                other.Record.Parsed is not { IsImported: false }
                    && cluster.IsOf(other.Owner.Namespace, other.Record.Parsed?.Tenant))
            .Select(other => (other.Record.Parsed?.Identity ?? other.Owner.Uid, other.Owner, other.Record));

    /// <summary>As <see cref="EncryptedStore.Origin"/> is to be.</summary>
    public static string? OriginOf(this ClusterView cluster, EncryptedStore store) =>
        store.IsRecordedOnly ? store.Origin
            : cluster.RecordOf(store).Trusted is { } own ? own.Origin
            : cluster.TakeoverOf(store)?.Origin;

    /// <summary>As <see cref="TenantEncryptionKey.Origin"/> is to be: an earlier key is looked at once the platform
    /// consented, for whoever looks at one uses it.</summary>
    public static string? OriginOf(this ClusterView cluster, TenantEncryptionKey key) => key.IsRecordedOnly ? key.Origin
        : cluster.RecordOf(key).Trusted?.Origin
            ?? (cluster.TakeoverOf(key) is { IsConsented: true } taken ? taken.Origin : null);

    /// <summary>The key with whose it is and what its names are made of; its spec as it is written.</summary>
    public static TenantEncryptionKey Named(this ClusterView cluster, TenantEncryptionKey key) =>
        cluster.Standing(key) is var standing ? key with { Tenant = standing.Tenant, Origin = standing.Origin } : key;

    /// <summary>Of those that stand, the one that the platform names, or a look found; else the first.</summary>
    private static (string? Origin, RecordedFault? Fault) Chosen(
        IReadOnlyList<(string Origin, RecordedFault? Fault)> left, string? named) =>
        (named ?? (left is [var first, ..] ? first.Origin : null)) is { } origin
            ? (origin, left.FirstOrDefault(one => one.Origin == origin).Fault) : (null, null);

    /// <summary>What an object that stands has is nobody else's to take.</summary>
    private static string? Consented(this ClusterView cluster, string? uid) =>
        uid is null || cluster.Tenants.IsLive(uid) ? null : uid;

    private static bool IsOf(this ClusterView cluster, string ns, string? tenant) =>
        tenant is not { Length: > 0 } || tenant == cluster.Tenants.Authority.TenantOf(ns)?.Metadata.Name;
}
