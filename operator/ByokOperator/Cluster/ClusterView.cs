using Byok.Import.Requests;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

/// <summary>
/// What the operator watches, once for all controllers: the three kinds; in its own namespace its records, the copy
/// Jobs, and of import requests the metadata. In tenants' namespaces nothing else is watched:
/// what is there is read by name.
/// </summary>
internal sealed class ClusterView
{
    /// <param name="client">Watches.</param>
    /// <param name="ns">The operator's own.</param>
    /// <param name="time">Of reconnections.</param>
    /// <param name="logs">Where watches tell.</param>
    /// <param name="importNamespace">Where import requests stand; the operator's own where nothing is said.</param>
    public ClusterView(
        KubeClient client, string ns, TimeProvider time, ILoggerFactory logs, string? importNamespace = null)
        : this(new Watched(client, time, logs), ns, new RecordMacKey(ns, time, logs.CreateLogger<RecordMacKey>()),
            importNamespace)
    {
    }

    /// <param name="source">Of watches.</param>
    /// <param name="ns">The operator's own.</param>
    /// <param name="macKey">What this installation's records are signed with.</param>
    /// <param name="importNamespace">Where import requests stand; the operator's own where nothing is said.</param>
    public ClusterView(IStoreSource source, string ns, RecordMacKey macKey, string? importNamespace = null)
    {
        Keys = QuarantineMetrics.Watch(source.Of(Selection.Everything, Trims.Keys, KubeRequest.PageSize));
        Stores = QuarantineMetrics.Watch(source.Of(Selection.Everything, Trims.Stores, KubeRequest.PageSize));
        Records = new RecordView(Of<ConfigMap>(new Selection(ns, RecordCodec.Watched)), ns, macKey);
        Tenants = new TenantView(
            QuarantineMetrics.Watch(source.Of(Selection.Everything, Trims.Tenants, KubeRequest.PageSize)), Keys, Stores,
            Records);
        Requests = Of<PartialObject<Secret>>(RequestSecret.All(importNamespace ?? ns));
        Jobs = Of<Job>(new Selection(ns, $"{Children.ChildLabel}={Children.CopyChild}"));
        StoresByKey = Stores.IndexBy(store =>
            store.Spec.KeyRef is { } key ? (IEnumerable<ObjectKey>)[new(store.Metadata.Namespace ?? "", key.Name)]
                : []);
        RequestsByKey = Requests.IndexBy(RequestSecret.KeysOf);
        JobsByStore = Jobs.IndexBy(job =>
            job.Metadata.Labels?.GetValueOrDefault(Labels.StoreUid) is { } uid ? (IEnumerable<string>)[uid] : []);

        Informer<T> Of<T>(Selection selection)
            where T : class, IResource<T> => source.Of<T>(selection, new(), KubeRequest.PageSize);
    }

    public Informer<TenantEncryptionKey> Keys { get; }

    public Informer<EncryptedStore> Stores { get; }

    /// <summary>What the platform gave whom.</summary>
    public TenantView Tenants { get; }

    /// <summary>What outlives objects: canaries, clocks, where stores were put.</summary>
    public RecordView Records { get; }

    /// <summary>Import requests of all keys; metadata only.</summary>
    public Informer<PartialObject<Secret>> Requests { get; }

    public Informer<Job> Jobs { get; }

    /// <summary>What of earlier objects stands in the clouds and in no record.</summary>
    public EarlierFound Earlier { get; } = new();

    public InformerIndex<ObjectKey, PartialObject<Secret>> RequestsByKey { get; }

    public InformerIndex<string, Job> JobsByStore { get; }

    private InformerIndex<ObjectKey, EncryptedStore> StoresByKey { get; }

    /// <summary>The stores that name the key now, and those that were put under it,
    /// whatever their spec says since.</summary>
    public IReadOnlyList<EncryptedStore> StoresOf(ObjectKey key) =>
    [
        .. StoresByKey.Find(key)
            .Concat(Records.PutUnder(key).Select(OwnerOf).OfType<EncryptedStore>())
            .DistinctBy(store => store.Metadata.Key),
    ];

    /// <summary>What records still speak of when objects are gone.</summary>
    public Inventory Inventory => new(this);

    public Recorded<KeyRecord> RecordOf(TenantEncryptionKey key) =>
        Records.Find<KeyRecord>(RecordOwner.Of(key.Metadata));

    public Recorded<StoreRecord> RecordOf(EncryptedStore store) =>
        Records.Find<StoreRecord>(RecordOwner.Of(store.Metadata));

    /// <summary>The watch does not show our last write of this object's record yet.</summary>
    public bool IsRecordBehind<T>(PendingWrites writes, ObjectMeta? owner)
        where T : class, IRecord<T> =>
            owner is not null && writes.Behind(Records.Maps, Records.AddressOf<T>(RecordOwner.Of(owner))) is not null;

    /// <summary>
    /// Where the store was put; null where nothing was made yet. What was not written here leads nobody elsewhere than
    /// the object's own spec does; where there is no object, it may still close what bears our tag.
    /// </summary>
    public StoredPlace? PlaceOf(EncryptedStore store) =>
        (store.IsRecordedOnly ? RecordOf(store).Parsed : RecordOf(store).Trusted)?.Place;

    /// <summary>The key as it is followed, one that can't be read too: as it stood, or as it is recorded.</summary>
    public TenantEncryptionKey? FindKey(ObjectKey key) => Keys.Find(key)
        ?? (Keys.Quarantine.Find(key) is { } bad
            && Standing(KeySalvage.FromRecord(bad, Records.Find<KeyRecord>(RecordOwner.Of(bad.Metadata)).Parsed?.Spec))
                is { } known && known.Spec.Sources().Count == 1
            ? known
            : null);

    /// <summary>The store as it is followed, one that can't be read too: as it stood, or where it was put.</summary>
    public EncryptedStore? FindStore(ObjectKey key) => Stores.Find(key)
        ?? (Stores.Quarantine.Find(key) is { } bad && StoreSalvage.Unplaced(bad) is { } blank
            && PlaceOf(blank) is { } place
            ? blank with { Spec = place.Restore(blank.Spec) }
            : null);

    /// <summary>The store as far as its spec may be followed.</summary>
    public EncryptedStore Standing(EncryptedStore store) => store with
    {
        Spec = (PlaceOf(store) ?? PlaceLeftTo(store))?.Restore(store.Spec) ?? store.Spec,
        Tenant = store.IsRecordedOnly ? store.Tenant : TenantOf(store.Metadata, RecordedTenantOf(store)),
        Origin = this.OriginOf(store),
        Number = NumberOf(store),
    };

    /// <summary>As recorded, whoever wrote that: it leads to no other bucket than one of the store's own. Of a store
    /// without a record, what a look found.</summary>
    private int NumberOf(EncryptedStore store) =>
        store.IsRecordedOnly ? store.Number
            : RecordOf(store).Parsed is { Place: not null } own ? own.Number
            : this.TakeoverOf(store) is { } taken
                && this.LeftBy(store).FirstOrDefault(left => left.Origin == taken.Origin).Record?.Trusted is { } left
                    ? left.Number
            : Earlier.NumbersOf(store)?.Number ?? DerivedNames.First;

    /// <summary>Where an earlier store of that name was put, whose place this one is to take back;
    /// null where nothing of our own says so.</summary>
    private StoredPlace? PlaceLeftTo(EncryptedStore store) =>
        RecordOf(store) is Recorded<StoreRecord>.Absent && this.TakeoverOf(store) is { } taken
            ? this.LeftBy(store).FirstOrDefault(left => left.Origin == taken.Origin).Record?.Trusted?.Place
            : null;

    /// <summary>The key as far as its spec may be followed, within what the platform allows.</summary>
    public TenantEncryptionKey Standing(TenantEncryptionKey key)
    {
        var bounds = Tenants.Authority.BoundsOf(key.Metadata.Namespace ?? "");
        var standing = key with
        {
            Spec = key.Spec with { Revocation = KeyTimes.Within(key.Spec.Revocation, bounds) },
            Tenant = key.IsRecordedOnly ? key.Tenant : TenantOf(key.Metadata, RecordOf(key).Trusted?.Tenant),
            Origin = this.OriginOf(key),
        };
        return PinnedKeySpec.Of(standing, RecordOf(key).Parsed);
    }

    /// <summary>What the platform gives this tenant's keys to be used for; null where it says nothing of it any more,
    /// or what can't be followed.</summary>
    public KeyBinding? BindingOf(string tenant) => KeyBindings.Of(tenant, Tenants.Authority);

    /// <summary>Where its own record can't be trusted, its key's record says it still: a place that was derived from it
    /// is closed by that, and nothing is opened. Who names no key any more, or another one, is told by the keys of its
    /// namespace, where they agree.</summary>
    private string? RecordedTenantOf(EncryptedStore store) => RecordOf(store) switch
    {
        { Trusted: { } own } => own.Tenant,
        { Fault: not null } =>
            FindKey(store.KeyAddress) is { } key && RecordOf(key).Trusted is { Tenant.Length: > 0 } known
                ? known.Tenant
                : TenantOfKeysIn(store.Metadata.Namespace ?? ""),
        _ => null,
    };

    private string? TenantOfKeysIn(string ns) =>
        Tenants.KeysIn(ns).Select(key => RecordOf(key).Trusted?.Tenant).Where(tenant => tenant is { Length: > 0 })
            .Distinct(StringComparer.Ordinal).Take(2).ToList() is [{ } one] ? one : null;

    /// <summary>The first word counts: what was begun stays that tenant's.</summary>
    private string TenantOf(ObjectMeta metadata, string? recorded) =>
        recorded is { Length: > 0 } ? recorded
            : Tenants.Authority.TenantOf(metadata.Namespace ?? "")?.Metadata.Name ?? "";

    /// <summary>The object that a record is about; null where that is gone, or another one of its name.</summary>
    public EncryptedStore? OwnerOf(StoreRecord record) =>
        FindStore(record.Owner.Key) is { } store && store.Metadata.Uid == record.Uid ? store : null;

    public IReadOnlyList<IInformer> All => [Keys, Stores, Tenants.Watch, Records.Maps, Requests, Jobs];
}

file sealed class Watched(KubeClient client, TimeProvider time, ILoggerFactory logs) : IStoreSource
{
    public Informer<T> Of<T>(Selection selection, InformerOptions<T> options, int pageSize)
        where T : class, IResource<T> =>
        new(new KubeWatchSource<T>(client.Api<T>(), selection, pageSize), time, logs.CreateLogger<Informer<T>>(),
            options);
}

/// <summary>Where the cluster view has its stores from: the API server,
/// or whatever stands for it in a test that owns the time.</summary>
internal interface IStoreSource
{
    /// <summary>One list and one watch of a selection; it does not run yet.</summary>
    /// <param name="selection">Which objects.</param>
    /// <param name="options">What is kept of each.</param>
    /// <param name="pageSize">Few where tenants decide how large an object is.</param>
    Informer<T> Of<T>(Selection selection, InformerOptions<T> options, int pageSize)
        where T : class, IResource<T>;
}
