using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Places;

/// <summary>Acts on the dedicated store itself. Each looks live at whose it
/// is before it changes anything (law 6).</summary>
internal sealed class TargetActs(OperatorContext around, KeyProofGuard gate, StoreMarks marks)
{
    private readonly BatchRemoval removal = new(around.Cloud.Objects);
    private readonly StoreRecords records = new(around);
    private readonly AuthorityGate authority = new(around);
    private readonly StoreAdoption adoption = new(around, gate, marks);
    private readonly GrantActs grants = new(around, gate);

    public async Task PrepareAsync(EncryptedStore store, CancellationToken cancellation)
    {
        await gate.DemandAsync(store, pin: null, cancellation);
        var places = await PlacesAsync(store, cancellation);
        var whose = await OwnershipAsync(places, cancellation);
        if (whose is StoreOwnership.Absent or StoreOwnership.Earlier)
        {
            if (whose == StoreOwnership.Absent)
            {
                await DemandNeverStoodAsync(store, cancellation);
            }

            // it may have been there to be mended when this was decided
            await authority.DemandAsync(store, cancellation);
            await adoption.DemandNoneEarlierAsync(store, places, cancellation);
        }

        var mark = whose == StoreOwnership.Ours ? await marks.PinAsync(places.Target, cancellation) : null;
        if (mark is not null && mark.For(places.Key.Identity).KeyId != places.Key.Identity)
        {
            throw new RefusedActException("KeyReplaced", "the store was made under another key");
        }

        await records.PutAsync(store, mark, places.Key.Identity, cancellation);
        await records.UndateRefusalsAsync(store, cancellation); // before it is mended: afterwards nobody would know
        var versioned = places.Shared is { } shared
            && (await around.Cloud.Stores.DescribeSharedAsync(shared, places.Identity, cancellation)).IsVersioned;
        await around.Cloud.Stores.PrepareAsync(places.Spec(versioned), cancellation);
    }

    public async Task AdoptAsync(EncryptedStore store, string origin, CancellationToken cancellation) =>
        await adoption.AdoptAsync(store, origin, await PlacesAsync(store, cancellation), cancellation);

    /// <returns>What stands now: a pin that stood before stays.</returns>
    public async Task<KeyPin> PinAsync(EncryptedStore store, KeyPin pin, CancellationToken cancellation)
    {
        var (_, key, canary) = await gate.ProveAsync(store, pin, cancellation);
        var places = await OursAsync(store, cancellation);
        if (await marks.PinAsync(places.Target, cancellation) is { } standing)
        {
            return standing.For(pin.KeyId);
        }

        var mark = PinMark.Of(pin, canary, store);
        await marks.PinAsync(places.Spec(versioned: false), mark, key, cancellation);
        await records.PutAsync(store, mark, pin.KeyId, cancellation);
        return pin;
    }

    /// <summary>Writes down that the place outlives its object.</summary>
    public Task RetainAsync(EncryptedStore store, CancellationToken cancellation) =>
        records.RetainAsync(store, cancellation);

    /// <summary>The record ends where nothing stands any more, or nothing that is this store's, or is yet; where nobody
    /// can say, it stays. Of a place that the platform says that it deleted, less has to be seen.</summary>
    public async Task ForgetAsync(EncryptedStore store, bool isReleased, CancellationToken cancellation)
    {
        var other = StoreBuckets.OtherOf(store, around.Cluster) ?? store;
        if (around.Cluster.RecordOf(store) is Recorded<StoreRecord>.Absent
            || (await IsGoneAsync(store, isReleased, cancellation)
                && await IsGoneAsync(other, isReleased, cancellation)))
        {
            await records.EndAsync(store, cancellation);
        }
    }

    /// <summary>A derived name is made of the tenant: where nobody knows it any more, nothing is looked for.</summary>
    private async Task<bool> IsGoneAsync(EncryptedStore store, bool isReleased, CancellationToken cancellation) =>
        (store.Tenant.Length > 0 || StorePlace.Of(store.Spec).Own is not null)
        && await WhoseAsync(store, isReleased, cancellation) is var whose
            && (whose is StoreOwnership.Absent or StoreOwnership.Earlier
                || (isReleased && whose != StoreOwnership.Ours));

    /// <summary>With the subscription or the rights gone the cloud does not say whose a place is: of one that was
    /// released that is answer enough.</summary>
    private async Task<StoreOwnership> WhoseAsync(EncryptedStore store, bool isReleased, CancellationToken cancellation)
    {
        try
        {
            return await OwnershipAsync(await PlacesAsync(store, cancellation), cancellation);
        }
        catch (CloudException gone) when (isReleased && gone.Problem is CloudProblem.NotFound or CloudProblem.Forbidden)
        {
            return StoreOwnership.Forbidden;
        }
    }

    public async Task AllowAsync(EncryptedStore store, KeyPin pin, CancellationToken cancellation)
    {
        await gate.DemandAsync(store, pin, cancellation);
        var places = await OursAsync(store, cancellation);
        if (await marks.PinAsync(places.Target, cancellation) is not { } pinned
            || !pinned.For(pin.KeyId).IsSameKeyAs(pin))
        {
            throw new RefusedActException("KeyReplaced", "the store was made under another key");
        }

        var aside = around.Cluster.RecordOf(store).Trusted?.SetAside;
        var lost = await around.Cloud.Stores.AllowAsync(places.Spec(versioned: false), aside, cancellation);
        if (aside is not null)
        {
            await records.PutBackAsync(store, aside, [.. lost.Select(one => $"{one.What}: {one.Code}")], cancellation);
        }
    }

    /// <summary>A place that was made, and is gone, is not made anew: empty it would pass for the store.</summary>
    private async Task DemandNeverStoodAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await records.ReadAsync(RecordOwner.Of(store.Metadata), cancellation) is { Trusted.Pin: not null })
        {
            throw new RefusedActException("TargetMissing",
                "what the store stood in was deleted outside the operator: it is not made anew") { NeedsPerson = true };
        }
    }

    /// <summary>What a pinned store's workloads are resumed for is its data, so that takes its key, and a rotation's
    /// confirmation; one that was never pinned holds none.</summary>
    public async Task DemandIfPinnedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        await gate.DemandConfirmedAsync(store, cancellation);
        var places = await PlacesAsync(store, cancellation);
        if (await OwnershipAsync(places, cancellation) == StoreOwnership.Ours
            && await marks.PinAsync(places.Target, cancellation) is { } pinned)
        {
            await gate.DemandAsync(store, pinned.For(places.Key.Identity), cancellation);
        }
    }

    /// <summary>
    /// Closing asks nobody but the store itself and our own record whose it is. Nothing of the cluster is asked for: a
    /// key that isn't there is not needed to shut anything.
    /// </summary>
    public async Task DenyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var key = store.IsRecordedOnly ? around.Cluster.Inventory.KeyOf(store)
            : around.Cluster.FindKey(store.KeyAddress);
        var places = StorePlaces.Of(store, key is null ? null : around.Cluster.Standing(key), around.Cluster);
        var record = around.Cluster.RecordOf(store).Trusted;
        // what was not taken back yet has no record of this store's
        var isOwn = store.Origin is null || record is not null;
        var order = new DenialOrder(
            IsRecorded: record?.Target == places.Target.Name,
            record?.SetAside,
            isOwn ? (aside, stop) => records.KeepAsideAsync(store, record?.SetAside, aside, stop) : null);
        if (await around.Cloud.Stores.DenyAsync(places.Spec(versioned: false), order,
            cancellation) is { SetAside: { } late, IsKept: false })
        {
            if (!isOwn)
            {
                throw new RefusedActException("SetAsideNotKept",
                    "the place is shut; others' statements in its policy had to give way, and nothing keeps them "
                        + "until it is taken back");
            }

            // It is shut: now there is time, and what can't be kept at all is told as this act's failure.
            await records.KeepAsideAsync(store, record?.SetAside, late, cancellation);
        }
    }

    public async Task RestoreGrantAsync(EncryptedStore store, KeyPin pin, CancellationToken cancellation) =>
        await grants.RestoreAsync(store, await PlacesAsync(store, cancellation), pin, cancellation);

    public async Task RevokeGrantAsync(EncryptedStore store, CancellationToken cancellation) =>
        await grants.RevokeAsync(store, await PlacesAsync(store, cancellation), cancellation);

    /// <summary>Deletes some of what is in the store, every version and mark; only on the typed confirmation,
    /// looked up live.</summary>
    public async Task EmptyAsync(EncryptedStore store, Action mayAct, CancellationToken cancellation)
    {
        var places = await ConfirmedAsync(store, cancellation);
        mayAct();
        if (await around.Cloud.Stores.EmptyDeniedAsync(places.Spec(versioned: false), cancellation))
        {
            return;
        }

        await removal.RemoveAsync(places.Target,
            around.Cloud.Objects.ListVersionsAsync(places.Target, "", null, cancellation), mayAct, cancellation);
    }

    public async Task DeleteAsync(EncryptedStore store, CancellationToken cancellation) =>
        await around.Cloud.Stores.DeleteAsync((await ConfirmedAsync(store, cancellation)).Spec(versioned: false),
            cancellation);

    private async Task<StorePlaces> ConfirmedAsync(EncryptedStore store, CancellationToken cancellation) =>
        await new StoreLiveReads(around).IsDeletionConfirmedAsync(store, cancellation)
            ? await OursAsync(store, cancellation)
            : throw StoreLiveReads.DeletionNotConfirmed();

    private async Task<StorePlaces> OursAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var places = await PlacesAsync(store, cancellation);
        return await OwnershipAsync(places, cancellation) == StoreOwnership.Ours
            ? places
            : throw new RefusedActException("NameTaken", "what stands under the store's name is not this store's");
    }

    private Task<StoreOwnership> OwnershipAsync(StorePlaces places, CancellationToken cancellation) =>
        around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation);

    /// <summary>Where what is the store's stands, under the key that it names; under the one on record,
    /// where only that is left of it.</summary>
    public async Task<StorePlaces> PlacesAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = store.KeyAddress;
        var key = store.IsRecordedOnly ? around.Cluster.Inventory.KeyOf(store)
            : around.Cluster.FindKey(address)
                ?? await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation);
        return StorePlaces.Of(store, key is null ? null : around.Cluster.Standing(key), around.Cluster);
    }
}
