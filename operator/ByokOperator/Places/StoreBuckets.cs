using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;

namespace ByokOperator.Places;

/// <summary>A store's two buckets while its data moves from one to the other, in words of records and places. Pure but
/// for the cluster's view.</summary>
internal static class StoreBuckets
{
    /// <summary>The other bucket as a store of its own; null where the record speaks of none. Whoever wrote that:
    /// it may close what bears our tag.</summary>
    public static EncryptedStore? OtherOf(EncryptedStore store, ClusterView cluster) =>
        KnownOf(store, cluster)?.In(store);

    /// <summary>As recorded; of a store without a record, what a look found: enough to close it.</summary>
    public static StoreBucket? KnownOf(EncryptedStore store, ClusterView cluster) => cluster.RecordOf(store) switch
    {
        { Parsed.Place: not null } record => record.Parsed.Other,
        Recorded<StoreRecord>.Absent when cluster.Earlier.NumbersOf(store) is { Other: { } number } =>
            new StoreBucket(number, store.Spec.KeyRef?.Name ?? "", ""),
        _ => null,
    };

    /// <summary>Where it stands, under the key that it is under, as far as the cluster knows that.</summary>
    public static StorePlaces PlacesOf(EncryptedStore store, ClusterView cluster)
    {
        var key = store.IsRecordedOnly ? RecordedKeyOf(store, cluster) : cluster.FindKey(store.KeyAddress);
        return StorePlaces.Of(store, key is null ? null : cluster.Standing(key), cluster);
    }

    /// <param name="store">As it is followed: up to the switch it is the old bucket, then the new one.</param>
    /// <param name="other">As recorded.</param>
    /// <param name="cluster">Of the keys.</param>
    public static MoveRoute RouteOf(EncryptedStore store, StoreBucket other, ClusterView cluster)
    {
        var (own, beside) = (PlacesOf(store, cluster), PlacesOf(other.In(store), cluster));
        return other.IsLeft ? MoveRoute.OnTo(beside, own, other) : MoveRoute.OnTo(own, beside, other);
    }

    /// <summary>The record of a store that is the next bucket from now on.</summary>
    public static StoreRecord Switched(StoreRecord record, StoreBucket next, ServedMark served)
    {
        if (record is not { Place: { } place, Pin: { } old, Other: { IsLeft: false } other } || !IsSame(other, next))
        {
            throw new RefusedActException("MoveChanged",
                "the move to the next bucket on record is not the one that this was decided on");
        }

        var incoming = record.AlsoPinned.FirstOrDefault(key => key.Name == next.KeyName)
            ?? throw new RefusedActException("KeyNotPinned", $"the key {next.KeyName} is not on the store's list");
        var spec = place.Restore(new());
        return record with
        {
            Place = place with { KeyName = incoming.Name },
            KeyUid = incoming.Uid,
            Pin = incoming.Pin,
            Number = next.Number,
            Target = StorePlace.Of(spec).NameFor(record.Tenant, record.Identity, next.Number),
            MovedUnder = record.MovedUnder ?? old.KeyId,
            SetAside = other.SetAside,
            NotPutBack = other.NotPutBack,
            AlsoPinned = [.. record.AlsoPinned.Where(key => key.Name != incoming.Name),
                new StoreRecordKey(place.KeyName, record.KeyUid, old) { Stage = PinStages.Moved }],
            Other = other with
            {
                Number = record.Number,
                KeyName = place.KeyName,
                Receipt = served.Receipt,
                ServedAt = served.At,
                SetAside = record.SetAside,
                NotPutBack = record.NotPutBack,
            },
        };
    }

    /// <summary>The same word of the same move; what a closing set aside meanwhile makes no difference.</summary>
    public static bool IsSame(StoreBucket? one, StoreBucket? other) =>
        one is null || other is null ? one is null && other is null
            : one with { SetAside = null, NotPutBack = [] } is var bare
                && other with { SetAside = null, NotPutBack = bare.NotPutBack } == bare;

    private static TenantEncryptionKey? RecordedKeyOf(EncryptedStore left, ClusterView cluster) =>
        cluster.RecordOf(left).Parsed?.KeyOwners.FirstOrDefault(owner => owner.Name == left.Spec.KeyRef?.Name)
            is { } owner ? cluster.Inventory.KeyOf(owner) : null;
}
