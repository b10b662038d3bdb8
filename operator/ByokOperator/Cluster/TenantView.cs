using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Records;
using Kube.Core;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>The platform's word as the watch has it, put together once for each change of it, and how many of a
/// tenant's objects are older than one.</summary>
internal sealed class TenantView
{
    private readonly InformerIndex<string, TenantEncryptionKey> keys;
    private readonly InformerIndex<string, EncryptedStore> stores;
    private readonly InformerIndex<string, TenantEncryptionKey> keysByUid;
    private readonly InformerIndex<string, EncryptedStore> storesByUid;
    private readonly RecordView records;
    private int version;
    private Known? known;

    /// <param name="watch">Before any of the three runs.</param>
    /// <param name="keys">All of them.</param>
    /// <param name="stores">All of them.</param>
    /// <param name="records">Of what was put somewhere.</param>
    public TenantView(
        Informer<Tenant> watch, Informer<TenantEncryptionKey> keys, Informer<EncryptedStore> stores, RecordView records)
    {
        (Watch, this.records) = (watch, records);
        this.keys = keys.IndexBy(key => (IEnumerable<string>)[key.Metadata.Namespace ?? ""]);
        this.stores = stores.IndexBy(store => (IEnumerable<string>)[store.Metadata.Namespace ?? ""]);
        keysByUid = keys.IndexBy(key => (IEnumerable<string>)[key.Metadata.Uid ?? ""]);
        storesByUid = stores.IndexBy(store => (IEnumerable<string>)[store.Metadata.Uid ?? ""]);
        watch.Subscribe(change =>
        {
            if (change.TouchesMoreThanStatus)
            {
                Turn();
            }
        });
        watch.SubscribeToQuarantine(_ => Turn());
    }

    /// <summary>The platform's word is another than before.</summary>
    public event Action? Changed;

    public Informer<Tenant> Watch { get; }

    /// <summary>May lag: what begins something asks live as well.</summary>
    public Authority Authority
    {
        get
        {
            var now = Volatile.Read(ref version); // read before the list, so that what came between is read again
            if (Volatile.Read(ref known) is { } held && held.Version == now)
            {
                return held.Authority;
            }

            var made = new Known(now, Authority.Of(Watch.List()));
            Volatile.Write(ref known, made);
            return made.Authority;
        }
    }

    public IReadOnlyList<TenantEncryptionKey> KeysIn(string ns) => keys.Find(ns);

    public IReadOnlyList<EncryptedStore> StoresIn(string ns) => stores.Find(ns);

    /// <summary>A key or a store of this uid stands, in whatever namespace.</summary>
    public bool IsLive(string uid) => keysByUid.Find(uid).Count > 0 || storesByUid.Find(uid).Count > 0;

    /// <summary>Of the same tenant.</summary>
    public int OlderThan(TenantEncryptionKey key, Authority authority) =>
        Older(key.Metadata, authority, KeysIn, other => other.Metadata);

    /// <summary>What was left without an object stands too, and has the turn that its object had.</summary>
    public int OlderThan(EncryptedStore store, Authority authority) =>
        Older(store.Metadata, authority, StoresIn, other => other.Metadata) + LeftBefore(store.Metadata, authority);

    /// <summary>What the platform's word of that moment makes of a key.</summary>
    /// <param name="key">As far as it is followed.</param>
    /// <param name="authority">Of the watch, or live.</param>
    /// <param name="recorded">Whose it was when it was begun; null or empty where nobody wrote that down.</param>
    public Ruling Judge(TenantEncryptionKey key, Authority authority, string? recorded) =>
        Same(authority.Judge(key, OlderThan(key, authority)), recorded);

    public Ruling Judge(EncryptedStore store, Authority authority, string? recorded) =>
        Same(authority.Judge(store, OlderThan(store, authority)), recorded);

    /// <summary>Places without an object, each once. Not what a store of the same name left: this one takes it back,
    /// or nothing is made for it.</summary>
    private int LeftBefore(ObjectMeta mine, Authority authority) =>
        authority.TenantOf(mine.Namespace ?? "") is not { } tenant ? 0
            : records.PutFor(tenant.Metadata.Name).ToLookup(put => put.Target, StringComparer.Ordinal)
                .Count(puts => !puts.Any(put => storesByUid.Find(put.Owner.Uid).Count > 0 || put.Owner.Key == mine.Key)
                    && puts.Any(put => Ages.IsOlder(put.Metadata, mine)));

    private void Turn()
    {
        Interlocked.Increment(ref version);
        Changed?.Invoke();
    }

    /// <summary>A namespace that went to another tenant takes nothing along:
    /// what stands in it stays the first one's.</summary>
    private static Ruling Same(Ruling ruling, string? recorded) =>
        ruling is Ruling.Granted granted && recorded is { Length: > 0 } && recorded != granted.Tenant
            ? Ruling.NotGranted(
                ["this was begun while the namespace was another tenant's, and stays that one's: the platform would "
                    + "have to give the namespace back, or you make a new object"])
            : ruling;

    private static int Older<T>(
        ObjectMeta mine, Authority authority, Func<string, IReadOnlyList<T>> inside, Func<T, ObjectMeta> metadata) =>
        authority.TenantOf(mine.Namespace ?? "") is not { } tenant ? 0
        : authority.NamespacesOf(tenant)
            .Sum(one => inside(one.Name).Count(other => Ages.IsOlder(metadata(other), mine)));

    private sealed record Known(int Version, Authority Authority);
}
