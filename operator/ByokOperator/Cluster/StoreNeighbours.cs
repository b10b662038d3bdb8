using ByokOperator.Api;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>
/// The rules of one store and between stores. The stores that could be in its way are found by index, so that the check
/// of one does not walk all: by the bucket's or account's name, by the exact prefix of each ancestor (of which a whole
/// container is one), and by every ancestor of their own prefix. A store counts where it was put,
/// not where somebody's later edit says.
/// </summary>
internal sealed class StoreNeighbours
{
    /// <summary>Of a place that is some store's: it is no other's source or target, whoever is older.</summary>
    public const string NotFree = "PlaceNotFree";

    /// <summary>Names nobody: it may be another tenant's.</summary>
    public const string NotFreeMessage = "this place is a store's already, or was one's: name another";

    private readonly ClusterView cluster;
    private readonly InformerIndex<string, EncryptedStore> written;
    private readonly InformerIndex<string, ConfigMap> put;

    /// <param name="cluster">Before its stores run: indexes are made here.</param>
    public StoreNeighbours(ClusterView cluster)
    {
        this.cluster = cluster;
        written = cluster.Stores.IndexBy(store => Claims(StorePlace.Of(store.Spec)));
        put = cluster.Records.Maps.IndexBy(map =>
            RecordCodec.Peek<StoreRecord>(map)?.Place is { } place ? Claims(StorePlace.Of(place.Restore(new()))) : []);
    }

    /// <summary>Field and mend, one sentence each.</summary>
    /// <param name="asWritten">As somebody applied it.</param>
    /// <param name="store">The same as far as it may be followed.</param>
    /// <param name="key">Null where there is none.</param>
    public IReadOnlyList<string> Violations(EncryptedStore asWritten, EncryptedStore store, TenantEncryptionKey? key) =>
    [
        .. OwnViolations(asWritten, store),
        .. StoreConflicts.Check(store, Near(store)).Concat(Taken(store))
            .Concat(key is null ? [] : StoreRules.CheckKey(store, key)).Select(violation => violation.ToString()),
    ];

    /// <summary>Those of the store alone.</summary>
    public static IReadOnlyList<string> OwnViolations(EncryptedStore asWritten, EncryptedStore store) =>
        [.. StoreRules.Check(asWritten).Concat(StoreRules.CheckChange(store.Spec, asWritten.Spec))
            .Select(violation => violation.ToString())];

    /// <summary>Where other stores were put, whatever became of their objects, and however old either is.</summary>
    private IEnumerable<Violation> Taken(EncryptedStore store)
    {
        var (place, holder) = (StorePlace.Of(store.Spec), StoreNames.Holder(store));
        if (place.IsNamed && IsTaken(holder, store))
        {
            yield return new(place.OwnField, NotFreeMessage);
        }

        if (place.Shared is { } shared && (shared.Holder == holder || IsTaken(shared.Holder, store)))
        {
            yield return new(shared.HolderField, NotFreeMessage);
        }
    }

    private bool IsTaken(string holder, EncryptedStore store) =>
        cluster.Records.PutIn(holder).Any(record => IsOthers(record, store));

    /// <summary>Of another store than this one and the one whose place it takes back.</summary>
    public static bool IsOthers(StoreRecord record, EncryptedStore store) => record.Uid != store.Metadata.Uid
        && !(record.Owner.Key == store.Metadata.Key && record.Identity == store.Identity);

    private List<EncryptedStore> Near(EncryptedStore store) =>
    [
        .. Questions(StorePlace.Of(store.Spec))
            .SelectMany(question =>
                written.Find(question)
                    .Concat(put.Find(question).Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>()
                        .Select(cluster.OwnerOf).OfType<EncryptedStore>()))
            .DistinctBy(other => other.Metadata.Key)
            .Where(cluster.Holds)
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
            foreach (var ancestor in Ancestors(place.Cloud, shared.Prefix))
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
            foreach (var ancestor in Ancestors(place.Cloud, shared.Prefix))
            {
                yield return Exactly(place.Cloud, shared.Name, ancestor);
            }
        }
    }

    /// <summary>The prefix itself and every shorter one that ends in a slash; first the whole,
    /// where a store may take that.</summary>
    private static IEnumerable<string> Ancestors(string cloud, string prefix) =>
        Enumerable.Range(0, prefix.Length)
            .Where(at => prefix[at] == '/' || at == prefix.Length - 1)
            .Select(at => prefix[..(at + 1)])
            .Concat(cloud == StorePlace.Azure ? [""] : []);

    private static string Bucket(string cloud, string name) => $"{cloud} own {name}";

    private static string Sharing(string cloud, string holder) => $"{cloud} sharing {holder}";

    private static string Exactly(string cloud, string shared, string prefix) => $"{cloud} at {shared}/{prefix}";

    private static string Under(string cloud, string shared, string prefix) => $"{cloud} under {shared}/{prefix}";
}
