using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Watching;

namespace ByokOperator.Stores;

/// <summary>
/// The rules of one store and between stores. The stores that could be in its way are found by index, so that the check of
/// one does not walk all: by the bucket's or account's name, by the exact prefix of each ancestor, and by every ancestor of their own prefix.
/// A store counts where it was put, not where somebody's later edit says.
/// </summary>
internal sealed class StoreNeighbours
{
    private readonly ClusterView cluster;
    private readonly StoreIndex<string, EncryptedStore> written;
    private readonly StoreIndex<string, ConfigMap> put;

    /// <param name="cluster">Before its stores run: indexes are made here.</param>
    public StoreNeighbours(ClusterView cluster)
    {
        this.cluster = cluster;
        written = cluster.Stores.IndexBy(store => Claims(StorePlace.Of(store.Spec)));
        put = cluster.Records.Maps.IndexBy(map => RecordCodec.Peek<StoreRecord>(map)?.Place is { } place ? Claims(StorePlace.Of(place.Restore(new()))) : []);
    }

    /// <summary>Field and mend, one sentence each.</summary>
    /// <param name="asWritten">As somebody applied it.</param>
    /// <param name="store">The same as far as it may be followed.</param>
    /// <param name="key">Null where there is none.</param>
    public IReadOnlyList<string> Violations(EncryptedStore asWritten, EncryptedStore store, TenantEncryptionKey? key) =>
    [
        .. StoreRules.Check(asWritten)
            .Concat(StoreRules.CheckChange(store.Spec, asWritten.Spec))
            .Concat(StoreConflicts.Check(store, Near(store)))
            .Concat(key is null ? [] : StoreRules.CheckKey(store, key))
            .Select(violation => violation.ToString()),
    ];

    private List<EncryptedStore> Near(EncryptedStore store) =>
    [
        .. Questions(StorePlace.Of(store.Spec))
            .SelectMany(question => written.Find(question).Concat(put.Find(question).Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>().Select(cluster.OwnerOf).OfType<EncryptedStore>()))
            .DistinctBy(other => other.Metadata.Key)
            .Select(cluster.Standing),
    ];

    /// <summary>What a store is found under.</summary>
    private static IEnumerable<string> Claims(StorePlace place)
    {
        if (place.Own is { } own)
        {
            yield return Bucket(place.Cloud, own);
        }

        if (place.Shared is { } shared)
        {
            yield return Sharing(place.Cloud, shared.Holder);
            yield return Exactly(place.Cloud, shared.Name, shared.Prefix);
            foreach (var ancestor in Ancestors(shared.Prefix))
            {
                yield return Under(place.Cloud, shared.Name, ancestor);
            }
        }
    }

    /// <summary>Under what a store finds those that it could touch.</summary>
    private static IEnumerable<string> Questions(StorePlace place)
    {
        if (place.Own is { } own)
        {
            yield return Bucket(place.Cloud, own);
            yield return Sharing(place.Cloud, own);
        }

        if (place.Shared is { } shared)
        {
            yield return Bucket(place.Cloud, shared.Holder);
            yield return Under(place.Cloud, shared.Name, shared.Prefix);
            foreach (var ancestor in Ancestors(shared.Prefix))
            {
                yield return Exactly(place.Cloud, shared.Name, ancestor);
            }
        }
    }

    /// <summary>The prefix itself and every shorter one that ends in a slash.</summary>
    private static IEnumerable<string> Ancestors(string prefix) =>
        Enumerable.Range(0, prefix.Length)
            .Where(at => prefix[at] == '/' || at == prefix.Length - 1)
            .Select(at => prefix[..(at + 1)]);

    private static string Bucket(string cloud, string name) => $"{cloud} own {name}";

    private static string Sharing(string cloud, string holder) => $"{cloud} sharing {holder}";

    private static string Exactly(string cloud, string shared, string prefix) => $"{cloud} at {shared}/{prefix}";

    private static string Under(string cloud, string shared, string prefix) => $"{cloud} under {shared}/{prefix}";
}
