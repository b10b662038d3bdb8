using ByokOperator.Api;
using ByokOperator.Hosting;
using Kube.Runtime.Watching;

namespace ByokOperator.Stores;

/// <summary>
/// The rules of one store and between stores. The stores that could be in its way are found by index, so that the check of
/// one does not walk all: by bucket name, by the exact prefix of each ancestor, and by every ancestor of their own prefix.
/// </summary>
internal sealed class StoreNeighbours
{
    private readonly StoreIndex<string, EncryptedStore> byBucket;
    private readonly StoreIndex<string, EncryptedStore> byPrefix;
    private readonly StoreIndex<string, EncryptedStore> byAncestor;

    /// <param name="cluster">Before its stores run: indexes are made here.</param>
    public StoreNeighbours(ClusterView cluster)
    {
        byBucket = cluster.Stores.IndexBy<string>(store => store.Spec.Aws?.BucketName is { Length: > 0 } name ? [name] : []);
        byPrefix = cluster.Stores.IndexBy<string>(store => store.Spec.Shared?.Aws is { } shared ? [Place(shared.Bucket, shared.Prefix)] : []);
        byAncestor = cluster.Stores.IndexBy<string>(store => store.Spec.Shared?.Aws is { } shared ? [.. Ancestors(shared)] : []);
    }

    /// <summary>Field and mend, one sentence each.</summary>
    public IReadOnlyList<string> Violations(EncryptedStore store, TenantEncryptionKey? key) =>
    [
        .. StoreRules.Check(store)
            .Concat(StoreConflicts.Check(store, Near(store)))
            .Concat(key is null ? [] : StoreRules.CheckKey(store, key))
            .Select(violation => violation.ToString()),
    ];

    private List<EncryptedStore> Near(EncryptedStore store)
    {
        List<EncryptedStore> near = [];
        if (store.Spec.Aws?.BucketName is { Length: > 0 } own)
        {
            near.AddRange(byBucket.Find(own));
        }

        if (store.Spec.Shared?.Aws is { } shared)
        {
            near.AddRange(byBucket.Find(shared.Bucket));
            near.AddRange(byAncestor.Find(Place(shared.Bucket, shared.Prefix)));
            near.AddRange(Ancestors(shared).SelectMany(byPrefix.Find));
        }

        return near;
    }

    /// <summary>The prefix itself and every shorter one that ends in a slash.</summary>
    private static IEnumerable<string> Ancestors(AwsSharedLocation shared) =>
        Enumerable.Range(0, shared.Prefix.Length)
            .Where(at => shared.Prefix[at] == '/' || at == shared.Prefix.Length - 1)
            .Select(at => Place(shared.Bucket, shared.Prefix[..(at + 1)]));

    private static string Place(string bucket, string prefix) => $"{bucket}/{prefix}";
}
