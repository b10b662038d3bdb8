using ByokOperator.Api;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>
/// What was ever proved or placed. An object in the watch is reconciled under its own name; what only a record still
/// speaks of, because the object was let go, taken away by force, or went with its namespace, under the name of that
/// record: another object of the same name may stand beside it.
/// </summary>
internal sealed class Inventory(ClusterView view)
{
    /// <summary>A key as its record speaks of it; null unless this is the address
    /// of a record whose object is gone.</summary>
    public TenantEncryptionKey? KeyAt(ObjectKey address) =>
        Peek<KeyRecord>(address) is { } record && view.FindKey(record.Owner.Key)?.Metadata.Uid != record.Uid
            ? SubjectOf(record) : null;

    /// <summary>A store as its record speaks of it; null unless this is the
    /// address of a record whose object is gone.</summary>
    public EncryptedStore? StoreAt(ObjectKey address) =>
        Peek<StoreRecord>(address) is { Place: { } place } record && view.OwnerOf(record) is null
            ? new EncryptedStore
            {
                Metadata = MetaOf(record.Owner),
                Spec = place.Restore(new()),
                IsRecordedOnly = true,
                Tenant = record.Tenant,
                Origin = record.Origin,
                Number = record.Number,
            }
            : null;

    /// <summary>Under which name a key is reconciled and its judgement kept.</summary>
    public ObjectKey AddressOf(TenantEncryptionKey key) =>
        key.IsRecordedOnly ? view.Records.AddressOf<KeyRecord>(RecordOwner.Of(key.Metadata)) : key.Metadata.Key;

    public ObjectKey AddressOf(EncryptedStore store) =>
        store.IsRecordedOnly ? view.Records.AddressOf<StoreRecord>(RecordOwner.Of(store.Metadata)) : store.Metadata.Key;

    /// <summary>The key that the default of a store without an object is on, the very one; null where neither object
    /// nor record is left of it.</summary>
    public TenantEncryptionKey? KeyOf(EncryptedStore left) =>
        view.RecordOf(left).Parsed?.KeyOwner is { } owner ? KeyOf(owner) : null;

    /// <summary>The very key that a record names; null where neither object nor record is left of it.</summary>
    public TenantEncryptionKey? KeyOf(RecordOwner owner) =>
        view.FindKey(owner.Key) is { } key && key.Metadata.Uid == owner.Uid ? key
            : KeyAt(view.Records.AddressOf<KeyRecord>(owner));

    /// <summary>Every key that objects of the store stand under,
    /// as far as its record says and as far as something is left of them.</summary>
    public IEnumerable<TenantEncryptionKey> KeysOf(EncryptedStore store) =>
        (view.RecordOf(store).Parsed?.KeyOwners ?? []).Select(KeyOf).OfType<TenantEncryptionKey>();

    /// <summary>A store's record names this key, or a store does and no other key has its name:
    /// it has to be asked.</summary>
    public bool IsNeeded(TenantEncryptionKey key) => view.Records.IsNeeded(key.Metadata.Key, key.Metadata.Uid ?? "")
        || (view.FindKey(key.Metadata.Key) is null && view.StoresOf(key.Metadata.Key).Count > 0)
        || (SuccessorOf(key) is not null && !IsSuperseded(key));

    /// <summary>Another object of the key's name has taken its keys back: they are that one's.</summary>
    public bool IsSuperseded(TenantEncryptionKey left) =>
        SuccessorOf(left) is { } successor && view.RecordOf(successor).Trusted is { Origin: { } origin }
            && origin == (view.RecordOf(left).Parsed?.Identity ?? left.Identity);

    /// <summary>Another object of the key's name stands, which has taken its keys back or may: what becomes of them is
    /// that one's.</summary>
    public bool HasSuccessor(TenantEncryptionKey left) => SuccessorOf(left) is not null;

    /// <summary>Another object of its name, which may take back what stands for it;
    /// null for keys that tenants keep.</summary>
    private TenantEncryptionKey? SuccessorOf(TenantEncryptionKey left) =>
        view.RecordOf(left).Parsed is { IsImported: true }
            && view.FindKey(left.Metadata.Key) is { Spec.Imported: not null } successor ? successor : null;

    /// <summary>Whom a turn of the key at this address concerns, under the names that they are reconciled by.</summary>
    public IEnumerable<ObjectKey> StoresUnder(ObjectKey key)
    {
        var put = Peek<KeyRecord>(key) is { } record
            ? view.Records.PutUnder(record.Owner.Key).Where(store => store.IsUnder(record.Uid))
            : view.Records.PutUnder(key);
        return view.StoresOf(key).Select(store => store.Metadata.Key).Concat(put.Select(AddressOf)).Distinct();
    }

    /// <summary>Whom a change of this ConfigMap concerns: the object, and what is left where that is gone.</summary>
    public static IEnumerable<ObjectKey> In<T>(ConfigMap map)
        where T : class, IRecord<T> =>
            RecordCodec.OwnerIn<T>(map.Metadata.Name) is { } owner ? [owner.Key, map.Metadata.Key] : [];

    private ObjectKey AddressOf(StoreRecord put) =>
        view.OwnerOf(put) is { } store ? store.Metadata.Key : view.Records.AddressOf<StoreRecord>(put.Owner);

    private T? Peek<T>(ObjectKey address)
        where T : class, IRecord<T> => view.Records.Maps.Find(address) is { } map ? RecordCodec.Peek<T>(map) : null;

    /// <summary>What the tenant says of the key that has its name now counts for what the earlier one guards still:
    /// closing is always safe.</summary>
    private TenantEncryptionKey SubjectOf(KeyRecord record)
    {
        var spec = record.Spec ?? new();
        var isRevoked = view.FindKey(
            record.Owner.Key)?.Spec is { State: KeyStates.Revoked, Revocation.Confirm: KeyRules.Confirmation };
        return new TenantEncryptionKey
        {
            Metadata = MetaOf(record.Owner),
            Spec = isRevoked
                ? spec with
                {
                    State = KeyStates.Revoked,
                    Revocation = spec.Revocation with { Confirm = KeyRules.Confirmation },
                } : spec,
            IsRecordedOnly = true,
            Tenant = record.Tenant,
            Origin = record.Origin,
        };
    }

    private static ObjectMeta MetaOf(RecordOwner owner) =>
        new() { Namespace = owner.Namespace, Name = owner.Name, Uid = owner.Uid };
}
