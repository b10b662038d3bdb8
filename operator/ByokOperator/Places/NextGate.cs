using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>What every act of a move to the next bucket asks right before it acts, live: the record, and whether
/// anybody wants the other key still. And the record's words of how far it is.</summary>
internal sealed class NextGate(OperatorContext around)
{
    private readonly StoreRecords records = new(around);
    private readonly StoreLiveReads live = new(around);
    private readonly AuthorityGate authority = new(around);

    /// <summary>From the bucket that is left to the next one, as recorded.</summary>
    /// <param name="store">As it is followed: up to the switch it is the old bucket, then the new one.</param>
    /// <param name="leadsOn">Up to the switch that takes a spec that names another key.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task<MoveRoute> RouteAsync(EncryptedStore store, bool leadsOn, CancellationToken cancellation)
    {
        var record = await live.RecordAsync(store, cancellation);
        if (record.Other is not { } other)
        {
            throw new RefusedActException("MoveNotBegun", "no move to the next bucket is on record");
        }

        if (record.Number != store.Number || record.Place != StoredPlace.Of(store.Spec))
        {
            throw Changed(); // decided before the switch: what was the source is the target's other bucket by now
        }

        if (leadsOn && !other.IsLeft)
        {
            await DemandWantedAsync(store, cancellation);
        }

        return StoreBuckets.RouteOf(store, other, around.Cluster);
    }

    /// <summary>What copies come under, and marks: up to the switch of a move to the next bucket the key of that one,
    /// else the store's own. Every key that objects of the store stand under was proved.</summary>
    public async Task<KeyRef> KeyAsync(
        EncryptedStore store, MoveRoute route, KeyProofGuard gate, CancellationToken cancellation)
    {
        var own = await gate.DemandAsync(store, route.Pin, cancellation);
        if (route.Next is not { IsLeft: false } next)
        {
            return own;
        }

        return (await ProveAsync(store, next, gate, cancellation)).Reference;
    }

    /// <summary>The key of the next bucket, before the switch. Refused where the platform took it back.</summary>
    public async Task<ProvedKey> ProveAsync(
        EncryptedStore store, StoreBucket next, KeyProofGuard gate, CancellationToken cancellation)
    {
        var record = await live.RecordAsync(store, cancellation);
        var pinned = record.AlsoPinned.FirstOrDefault(key => key.Name == next.KeyName)
            ?? throw new RefusedActException("KeyNotPinned", $"the key {next.KeyName} is not on the store's list");
        var proved = await gate.ProveAsync(store, next.KeyName, KeyPin.Of(pinned.Pin), cancellation);
        await authority.DemandAsync(around.Cluster.Standing(proved.Object), cancellation);
        return proved;
    }

    /// <summary>The spec names another key than the store stands under; which, a third named meanwhile leaves
    /// open.</summary>
    public async Task DemandWantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (!await IsWantedAsync(store, cancellation))
        {
            throw new RefusedActException("SpecChanged",
                "spec.keyRef names the key again that the store stands under, or none");
        }
    }

    /// <summary>Nobody wants it any more, or the store goes.</summary>
    public async Task DemandUnwantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await IsWantedAsync(store, cancellation)
            && await live.FindAsync(store, cancellation) is { Metadata.DeletionTimestamp: null })
        {
            throw new RefusedActException("MoveWanted", "spec.keyRef names another key than the store stands under");
        }
    }

    /// <summary>From here on the store is the next bucket, under its key: one word on record. The mark in it goes
    /// before: whoever finds two buckets and no record takes the one that bears it, and it is taken away again before
    /// writers are let in without that word.</summary>
    public async Task ServedAsync(
        EncryptedStore store, MoveRoute route, (StoreMarks Marks, ServedMark Word, KeyRef Key) served,
        CancellationToken cancellation)
    {
        await served.Marks.UnserveAsync(route.Marks, cancellation); // of an earlier try
        await served.Marks.ServedAsync(route.Marks, served.Word, served.Key, cancellation);
        await records.ChangeKeysAsync(store, record => StoreBuckets.Switched(record, route.Next!, served.Word),
            cancellation);
    }

    /// <summary>Until the binding leads on, readers go by the old one: the old bucket stands for the overlap from then
    /// on, however long ago the switch came on record. Said once more it stands longer.</summary>
    public async Task LeadsFromNowAsync(EncryptedStore store, StoreBucket left, CancellationToken cancellation)
    {
        if (left.RetiredAt is null)
        {
            await EditAsync(store, left, known => known! with { ServedAt = around.Time.GetUtcNow() }, cancellation);
        }
    }

    public Task RetiredAsync(
        EncryptedStore store, StoreBucket left, string receipt, CancellationToken cancellation) =>
        EditAsync(store, left, known => known is { IsLeft: true } && known.Receipt == receipt
            ? known with { RetiredAt = around.Time.GetUtcNow() } : throw Changed(), cancellation);

    /// <param name="store">Whose.</param>
    /// <param name="other">As this was decided on; null where none is on record.</param>
    /// <param name="edit">Null takes it off the record.</param>
    /// <param name="cancellation">As everywhere.</param>
    public Task EditAsync(
        EncryptedStore store, StoreBucket? other, Func<StoreBucket?, StoreBucket?> edit,
        CancellationToken cancellation) => records.ChangeKeysAsync(
        store, record => StoreBuckets.IsSame(record.Other, other) ? record with { Other = edit(record.Other) }
            : throw Changed(), cancellation);

    /// <summary>The other bucket as recorded. Refused where that is another than this was decided on.</summary>
    public async Task<StoreBucket> KnownAsync(EncryptedStore store, int number, CancellationToken cancellation) =>
        (await live.RecordAsync(store, cancellation)).Other is { } known && known.Number == number ? known
            : throw Changed();

    /// <summary>Where it stands. Refused unless it is this store's.</summary>
    public async Task<StorePlaces> OursAsync(EncryptedStore other, CancellationToken cancellation)
    {
        var places = StoreBuckets.PlacesOf(other, around.Cluster);
        return await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation)
            == StoreOwnership.Ours ? places
            : throw new RefusedActException("NameTaken",
                "what stands under the other bucket's name is not this store's");
    }

    /// <summary>As <see cref="StoreRecords.KeepAsideAsync"/>, of the store's other bucket.</summary>
    public Task KeepAsideAsync(
        EncryptedStore store, string? earlier, string aside, CancellationToken cancellation) => records.ChangeKeysAsync(
        store,
        record => record.Other is not { } other || other.SetAside == aside ? record
            : other.SetAside == earlier ? record with { Other = other with { SetAside = aside, NotPutBack = [] } }
            : throw new RefusedActException("SetAsideChanged", "another closing set something aside meanwhile"),
        cancellation);

    /// <summary>Of a store that is taken back while data was on its way from one bucket to another.</summary>
    public async Task AdoptOtherAsync(EncryptedStore store, StoreBucket? other, CancellationToken cancellation)
    {
        if (other is not null
            && StoreBuckets.PlacesOf(other.In(store), around.Cluster).Spec(versioned: false) is var spec
            && await around.Cloud.Stores.OwnershipAsync(spec, cancellation) == StoreOwnership.Earlier)
        {
            await around.Cloud.Stores.AdoptAsync(spec, cancellation);
        }
    }

    public static RefusedActException Changed() =>
        new("MoveChanged", "the move to the next bucket on record is not the one that this was decided on");

    private async Task<bool> IsWantedAsync(EncryptedStore store, CancellationToken cancellation) =>
        await live.FindAsync(store, cancellation) is { Spec.KeyRef.Name: { Length: > 0 } wanted }
            && wanted != store.Spec.KeyRef?.Name;
}
