using ByokOperator.Api;
using ByokOperator.Importing.Requests;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Stores;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Watching;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>
/// What the operator watches, once for all controllers: the two kinds; the canaries; of its other children the metadata
/// alone (a Secret's content never reaches memory); and the copy Jobs of its own namespace.
/// </summary>
internal sealed class ClusterView
{
    public ClusterView(KubeClient client, string ns, TimeProvider time, ILoggerFactory logs)
        : this(new Watched(client, time, logs), ns)
    {
    }

    public ClusterView(IStoreSource source, string ns)
    {
        Keys = Of<TenantEncryptionKey>(Selection.Everything);
        Stores = Of<EncryptedStore>(Selection.Everything);
        Canaries = Of<ConfigMap>(Child(CanaryMap.ChildKind));
        Documents = Of<PartialObject<ConfigMap>>(new Selection(null, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel} in (policy,report,place)"));
        Bindings = Of<PartialObject<Secret>>(Child(Binding.ChildKind));
        Uploads = Of<PartialObject<Secret>>(new Selection(null, $"{Labels.Upload}=true"));
        Requests = Of<PartialObject<Secret>>(RequestSecret.All(ns));
        Jobs = Of<Job>(new Selection(ns, $"{Children.ChildLabel}={CopyJob.ChildKind}"));
        PlacesByKey = Documents.IndexBy(map => PlaceMap.Read(map.Metadata) is { } place ? (IEnumerable<ObjectKey>)[new(map.Metadata.Namespace ?? "", place.KeyName)] : []);
        StoresByKey = Stores.IndexBy(store => store.Spec.KeyRef is { } key ? (IEnumerable<ObjectKey>)[new(store.Metadata.Namespace ?? "", key.Name)] : []);
        KeysByUpload = Keys.IndexBy(key => key.Spec.Imported is null ? (IEnumerable<ObjectKey>)[] : [UploadReader.AddressOf(key)]);
        RequestsByKey = Requests.IndexBy(RequestSecret.KeysOf);
        JobsByStore = Jobs.IndexBy(job => job.Metadata.Labels?.GetValueOrDefault(Labels.StoreUid) is { } uid ? (IEnumerable<string>)[uid] : []);

        Store<T> Of<T>(Selection selection)
            where T : class, IResource<T> => source.Of<T>(selection);
    }

    public Store<TenantEncryptionKey> Keys { get; }

    public Store<EncryptedStore> Stores { get; }

    public Store<ConfigMap> Canaries { get; }

    /// <summary>Policies, reports and the records of where stores were put; metadata only.</summary>
    public Store<PartialObject<ConfigMap>> Documents { get; }

    public Store<PartialObject<Secret>> Bindings { get; }

    /// <summary>Secrets that are labelled as wrapped keys; metadata only.</summary>
    public Store<PartialObject<Secret>> Uploads { get; }

    /// <summary>Import requests of all keys; metadata only.</summary>
    public Store<PartialObject<Secret>> Requests { get; }

    public Store<Job> Jobs { get; }

    /// <summary>Which key an upload belongs to.</summary>
    public StoreIndex<ObjectKey, TenantEncryptionKey> KeysByUpload { get; }

    public StoreIndex<ObjectKey, PartialObject<Secret>> RequestsByKey { get; }

    public StoreIndex<string, Job> JobsByStore { get; }

    private StoreIndex<ObjectKey, EncryptedStore> StoresByKey { get; }

    private StoreIndex<ObjectKey, PartialObject<ConfigMap>> PlacesByKey { get; }

    /// <summary>The stores that name the key now, and those that were put under it, whatever their spec says since.</summary>
    public IReadOnlyList<EncryptedStore> StoresOf(ObjectKey key) =>
    [
        .. StoresByKey.Find(key)
            .Concat(PlacesByKey.Find(key).Select(OwnerOf).OfType<EncryptedStore>())
            .DistinctBy(store => store.Metadata.Key),
    ];

    /// <summary>Where the store was put; null where nothing was made yet.</summary>
    public StoredPlace? PlaceOf(EncryptedStore store) =>
        PlaceMap.Read(Documents.Find(new ObjectKey(store.Metadata.Namespace ?? "", PlaceMap.NameFor(store.Metadata.Name)))?.Metadata, store.Metadata.Uid);

    /// <summary>The store as far as its spec may be followed.</summary>
    public EncryptedStore Standing(EncryptedStore store) =>
        PlaceOf(store) is { } place ? store with { Spec = place.Restore(store.Spec) } : store;

    /// <summary>The key as far as its spec may be followed.</summary>
    public TenantEncryptionKey Standing(TenantEncryptionKey key) =>
        StandingKey.Of(key, Canaries.Find(new ObjectKey(key.Metadata.Namespace ?? "", CanaryMap.NameFor(key.Metadata.Name))));

    public EncryptedStore? OwnerOf(PartialObject<ConfigMap> place) => place.Metadata.OwnerReferences is [{ } owner, ..]
        && Stores.Find(new ObjectKey(place.Metadata.Namespace ?? "", owner.Name)) is { } store && store.Metadata.Uid == owner.Uid
            ? store
            : null;

    public IReadOnlyList<IStore> All => [Keys, Stores, Canaries, Documents, Bindings, Uploads, Requests, Jobs];

    private static Selection Child(string kind) => new(null, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel}={kind}");
}

file sealed class Watched(KubeClient client, TimeProvider time, ILoggerFactory logs) : IStoreSource
{
    public Store<T> Of<T>(Selection selection)
        where T : class, IResource<T> =>
        new(client.Api<T>(), selection, time, logs.CreateLogger<Store<T>>());
}
