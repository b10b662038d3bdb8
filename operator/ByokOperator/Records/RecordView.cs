using System.Runtime.CompilerServices;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Informers;

namespace ByokOperator.Records;

/// <summary>
/// The operator's records as the watch shows them: bounded, for only the operator writes in its namespace. Read here
/// for looks; acts read live, by <see cref="RecordWriter"/>.
/// </summary>
internal sealed class RecordView
{
    private readonly string ns;

    /// <summary>A look at a store asks for all of its tenant:
    /// a record is parsed once for as long as it stands like that.</summary>
    private readonly ConditionalWeakTable<ConfigMap, PlacedStore> placed = [];

    /// <param name="maps">The watch; it does not run yet.</param>
    /// <param name="ns">The operator's own namespace.</param>
    /// <param name="macKey">What records are signed with.</param>
    public RecordView(Informer<ConfigMap> maps, string ns, RecordMacKey macKey)
    {
        (this.ns, Maps, MacKey) = (ns, maps, macKey);
        StoresByKey = Maps.IndexBy(map =>
            RecordCodec.Peek<StoreRecord>(map) is { } record ? record.KeyOwners.Select(owner => owner.Key) : []);
        StoresByHolder = Maps.IndexBy(map =>
            RecordCodec.Peek<StoreRecord>(map) is { } record ? record.Targets.Select(StorePlace.HolderOf) : []);
        StoresByTenant =
            Maps.IndexBy(map => PlacedIn(map) is { Tenant.Length: > 0 } put ? (IEnumerable<string>)[put.Tenant] : []);
        ByOwner = Maps.IndexBy(map => (IEnumerable<string>)
        [
            .. RecordCodec.OwnerIn<StoreRecord>(map.Metadata.Name) is { } store
                ? new[] { Named<StoreRecord>(store.Key) } : [],
            .. RecordCodec.OwnerIn<KeyRecord>(map.Metadata.Name) is { } key ? new[] { Named<KeyRecord>(key.Key) } : [],
        ]);
        ByKeyLabel = Maps.IndexBy(map =>
            (map.Metadata.Labels ?? new Dictionary<string, string>()).Keys.Where(IsKeyLabel)
                .Select(name => name[StoreRecord.KeyLabelPrefix.Length..]));
    }

    public Informer<ConfigMap> Maps { get; }

    public RecordMacKey MacKey { get; }

    /// <summary>Store records by the key's namespace and name, whoever wrote them.</summary>
    private InformerIndex<ObjectKey, ConfigMap> StoresByKey { get; }

    private InformerIndex<string, ConfigMap> StoresByHolder { get; }

    private InformerIndex<string, ConfigMap> StoresByTenant { get; }

    /// <summary>Records by kind, namespace and name, whoever wrote them and whatever they hold.</summary>
    private InformerIndex<string, ConfigMap> ByOwner { get; }

    private InformerIndex<string, ConfigMap> ByKeyLabel { get; }

    public Recorded<T> Find<T>(RecordOwner owner)
        where T : class, IRecord<T> => RecordCodec.Read<T>(Maps.Find(AddressOf<T>(owner)), MacKey);

    /// <summary>Records of other objects of the same kind, namespace and name: an earlier one's, mostly.</summary>
    public IEnumerable<(RecordOwner Owner, Recorded<T> Record)> Others<T>(RecordOwner owner)
        where T : class, IRecord<T> => ByOwner.Find(Named<T>(owner.Key))
            .Select(map => (Owner: RecordCodec.OwnerIn<T>(map.Metadata.Name)!, Map: map))
            .Where(other => other.Owner.Uid != owner.Uid).OrderBy(other => other.Owner.Uid, StringComparer.Ordinal)
            .Select(other => (other.Owner, RecordCodec.Read<T>(other.Map, MacKey)));

    /// <summary>What stands under keys of this name, one after the other; <see cref="StoreRecord.IsUnder"/> says which.
    /// Whoever wrote them.</summary>
    public IReadOnlyList<StoreRecord> PutUnder(ObjectKey key) =>
        [.. StoresByKey.Find(key).Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>()];

    /// <summary>What was put in this bucket or account, whoever wrote the records.</summary>
    public IEnumerable<StoreRecord> PutIn(string holder) =>
        StoresByHolder.Find(holder).Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>();

    /// <summary>What was put somewhere for this tenant, whoever wrote the records: what stands counts,
    /// whether its signature fits or not.</summary>
    public IEnumerable<PlacedStore> PutFor(string tenant) => StoresByTenant.Find(tenant).Select(PlacedIn);

    /// <summary>A record names the key, or bears its label: one that can't be read may be of this key.</summary>
    public bool IsNeeded(ObjectKey key, string uid) =>
        ByKeyLabel.Find(uid).Count > 0 || PutUnder(key).Any(put => put.IsUnder(uid));

    /// <summary>Where a record of this owner stands.</summary>
    public ObjectKey AddressOf<T>(RecordOwner owner)
        where T : class, IRecord<T> => new(ns, RecordCodec.NameOf<T>(owner));

    private PlacedStore PlacedIn(ConfigMap map) =>
        placed.GetValue(map, static map => RecordCodec.Peek<StoreRecord>(map) is { } record
            ? new PlacedStore(record.Tenant, record.Owner, record.Target, record.CreatedAt)
            : PlacedStore.None);

    private static bool IsKeyLabel(string name) =>
        name.StartsWith(StoreRecord.KeyLabelPrefix, StringComparison.Ordinal);

    private static string Named<T>(ObjectKey key)
        where T : class, IRecord<T> => $"{T.Kind} {key}";

    /// <summary>The tenant's namespace, also of an object that only its record speaks of.</summary>
    public string SpaceOf(ObjectKey key) =>
        key.Namespace == ns && key.Name.Split('.') is [_, { Length: > 0 } space, _, _, ..] ? space : key.Namespace;
}

/// <summary>Of a store's record, what a tenant's limit has to know.</summary>
/// <param name="Tenant">Empty where there was none.</param>
/// <param name="Owner">The object.</param>
/// <param name="Target">The place's full name.</param>
/// <param name="CreatedAt">When the object was made.</param>
internal sealed record PlacedStore(string Tenant, RecordOwner Owner, string Target, DateTimeOffset? CreatedAt)
{
    public static readonly PlacedStore None = new("", new RecordOwner("", "", ""), "", null);

    /// <summary>As the object's own, for its turn.</summary>
    public ObjectMeta Metadata =>
        new() { Namespace = Owner.Namespace, Name = Owner.Name, Uid = Owner.Uid, CreationTimestamp = CreatedAt };
}
