using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Stores;

/// <summary>
/// On which keys grants of ours may stand for a store: its key as it is known now, the very ones that objects of it stand under,
/// and every key that our record says we made one on. Records outlive the key's object.
/// </summary>
internal static class StoreGrants
{
    /// <summary>
    /// Grants are made on keys of the platform's own on AWS, and may stand on whatever one was made on. A tenant's own key lets workloads in
    /// by its policy alone, and on Azure the account's identity uses the key.
    /// </summary>
    /// <param name="key">As the cluster knows it; null where its object is gone.</param>
    public static bool AreMade(EncryptedStore store, TenantEncryptionKey? key, ClusterView cluster)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        return cluster.RecordOf(store).Trusted is { Grants.Count: > 0 }
            || cluster.Inventory.KeysOf(store).Cast<TenantEncryptionKey?>().Prepend(key).OfType<TenantEncryptionKey>()
                .Any(one => KeyRefs.Of(one, region, "") is { Cloud: CloudKind.Aws, IsOurs: true });
    }

    /// <param name="key">As the cluster knows it; its id is empty where nothing tells it.</param>
    /// <returns>Each key once, with the grants that are known by id.</returns>
    public static IReadOnlyList<(KeyRef Key, IReadOnlyList<string> Known)> Of(
        EncryptedStore store, KeyRef key, ClusterView cluster)
    {
        // Only a record of our own counts: whoever else wrote it could have others' grants taken.
        var recorded = cluster.RecordOf(store).Trusted?.Grants ?? new Dictionary<string, IReadOnlyList<string>>();
        return
        [
            .. RefsOf(store, cluster).Prepend(key)
                .Where(one => one is { IsOurs: true, Id.Length: > 0 })
                .Concat(recorded.Keys.Select(Recorded).OfType<KeyRef>())
                .DistinctBy(one => one.Identity)
                .Select(one => (one, recorded.GetValueOrDefault(one.Identity) ?? [])),
        ];
    }

    /// <summary>The very keys that objects of the store stand under.</summary>
    public static IEnumerable<KeyRef> RefsOf(EncryptedStore store, ClusterView cluster)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        return cluster.Inventory.KeysOf(store).Select(cluster.Standing).Select(key => KeyRefs.Of(key, region, KeyIds.Of(key, region, cluster.RecordOf(key).Parsed)));
    }


    private static KeyRef? Recorded(string id) => id.Split(':') is ["arn", _, "kms", { Length: > 0 } region, _, _]
        ? new KeyRef(region, id) { IsOurs = true }
        : null;
}
