using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Places;

/// <summary>
/// On which keys grants of ours may stand for a store: its key as it is known now, the very ones that objects of it
/// stand under, and every key that our record says we made one on. Records outlive the key's object.
/// </summary>
internal static class StoreGrants
{
    /// <summary>
    /// Grants are made on keys of the platform's own on AWS, and may stand on whatever one was made on. A tenant's own
    /// key lets workloads in by its policy alone, and on Azure the account's identity uses the key.
    /// </summary>
    /// <param name="key">As the cluster knows it; null where its object is gone.</param>
    public static bool AreMade(EncryptedStore store, TenantEncryptionKey? key, ClusterView cluster)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        return cluster.RecordOf(store).Trusted is { Grants.Count: > 0 }
            || AreUntold(store, cluster)
            || cluster.Inventory.KeysOf(store).Cast<TenantEncryptionKey?>().Prepend(key).OfType<TenantEncryptionKey>()
                .Any(one => KeyRefs.Of(one, region, "") is { Cloud: CloudKind.Aws, IsOurs: true });
    }

    /// <summary>
    /// No key is known that grants could stand on, and the record that would say so can't be trusted: then the place
    /// tells by the key that it encrypts under. Of a grant on that one only the name counts, which is this store's.
    /// </summary>
    public static bool AreUntold(EncryptedStore store, ClusterView cluster) =>
        StorePlace.Of(store.Spec).Cloud != StorePlace.Azure && cluster.RecordOf(store).Fault is not null
            && !Each(store, cluster).Any() && cluster.FindKey(store.KeyAddress) is null;

    /// <param name="observed">What the place encrypts under by default; null for no key of KMS.</param>
    public static IReadOnlyList<(KeyRef Key, IReadOnlyList<string> Known)> Told(string? observed) =>
        observed is not null && OfArn(observed) is { } key ? [(key, [])] : [];

    /// <param name="key">As the cluster knows it; its id is empty where nothing tells it.</param>
    /// <returns>Each key once, with the grants that are known by id.</returns>
    public static IReadOnlyList<(KeyRef Key, IReadOnlyList<string> Known)> Of(
        EncryptedStore store, KeyRef key, ClusterView cluster)
    {
        // Only a record of our own counts: whoever else wrote it could have others' grants taken.
        var recorded = cluster.RecordOf(store).Trusted?.Grants ?? new Dictionary<string, IReadOnlyList<string>>();
        return
        [
            .. Each(store, cluster).Select(one => one.ForDisplay()).OfType<KeyRef>().Prepend(key)
                .Where(one => one is { IsOurs: true, Id.Length: > 0 })
                .Concat(recorded.Keys.Select(OfArn).OfType<KeyRef>())
                .DistinctBy(one => one.Identity)
                .Select(one => (one, recorded.GetValueOrDefault(one.Identity) ?? [])),
        ];
    }

    /// <summary>The very keys that objects of the store stand under; blind where nobody can tell one of them.</summary>
    public static Fact<IReadOnlyList<KeyRef>> RefsOf(EncryptedStore store, ClusterView cluster)
    {
        var each = Each(store, cluster).ToList();
        return each.Select(one => one.Blindness).OfType<string>().FirstOrDefault() is { } why
            ? Fact.Blind<IReadOnlyList<KeyRef>>(why)
            : Fact.Seen<IReadOnlyList<KeyRef>>([.. each.Select(one => one.ForDisplay()!)]);
    }

    /// <summary>
    /// Which key it is. One whose own record can't be read is the one that the store's record pins; of a store that was
    /// never pinned, nothing stands under it. Blind where that can't be read either.
    /// </summary>
    public static Fact<string?> IdOf(EncryptedStore store, TenantEncryptionKey? key, string region, ClusterView cluster)
    {
        var id = KeyIds.Of(key, region, key is null ? new Recorded<KeyRecord>.Absent() : cluster.RecordOf(key));
        var pinned = cluster.RecordOf(store);
        return id.Blindness is null || pinned.Fault is not null ? id
            : Fact.Seen(pinned.Trusted is { } record ? PinOf(record, key!.Metadata.Name)?.KeyId : null);
    }

    private static IEnumerable<Fact<KeyRef>> Each(EncryptedStore store, ClusterView cluster)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        var keys = cluster.RecordOf(store) is Recorded<StoreRecord>.Unreadable
            && cluster.FindKey(store.KeyAddress) is { } named
            ? [named]
            : cluster.Inventory.KeysOf(store);
        return keys.Select(cluster.Standing)
            .Select(key => IdOf(store, key, region, cluster).Select(id => KeyRefs.Of(key, region, id ?? "")));
    }

    private static StoreRecordPin? PinOf(StoreRecord record, string name) => record.Place?.KeyName == name
        ? record.Pin
        : record.AlsoPinned.FirstOrDefault(key => key.Name == name)?.Pin;

    private static KeyRef? OfArn(string id) => id.Split(':') is ["arn", _, "kms", { Length: > 0 } region, _, _]
        ? new KeyRef(region, id) { IsOurs = true }
        : null;
}
