using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Places;

/// <summary>What a change of key leaves outside of the record: the mark beside the data,
/// and grants on the keys.</summary>
internal sealed class PinnedBeside(OperatorContext around, StoreMarks marks, LeadershipFence leadership)
{
    /// <summary>Refused unless the mark names that very key.</summary>
    public async Task DemandAsync(EncryptedStore store, KeyPin pin, CancellationToken cancellation)
    {
        if ((await marks.PinAsync(StorePlaces.Of(store, key: null, around.Cluster).Target, cancellation))?.For(
            pin.KeyId).IsSameKeyAs(pin) != true)
        {
            throw new RefusedActException("NotMarked", "the mark beside the data does not name the key");
        }
    }

    /// <summary>Under the store's own key, which was proved a moment ago.
    /// Refused unless the place is this store's and holds a mark.</summary>
    public async Task EditAsync(
        EncryptedStore store, ProvedKey active, Func<PinMark, PinMark> edit, CancellationToken cancellation)
    {
        var places = StorePlaces.Of(store, around.Cluster.Standing(active.Object), around.Cluster);
        if (await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation)
            != StoreOwnership.Ours)
        {
            throw new RefusedActException("NameTaken", "what stands under the store's name is not this store's");
        }

        var standing = await marks.PinAsync(places.Target, cancellation)
            ?? throw new RefusedActException("PinMissing", "nothing beside the data says under which key it was made");
        leadership.ThrowIfLost();
        await marks.RepinAsync(places.Spec(versioned: false),
            edit(standing.KeyName is null && standing.KeyId == active.Pin.KeyId
                ? standing with { KeyName = store.Spec.KeyRef?.Name } : standing), active.Reference, cancellation);
    }

    /// <summary>Grants of ours for the store on that key.</summary>
    public async Task RevokeGrantAsync(EncryptedStore store, string keyId, CancellationToken cancellation)
    {
        var known = around.Cluster.RecordOf(store).Trusted?.Grants.GetValueOrDefault(keyId) ?? [];
        foreach (var (key, _) in StoreGrants.Of(store, new(StorePlace.Of(store.Spec).KeyRegion, ""), around.Cluster)
            .Where(one => one.Key.Identity == keyId))
        {
            await around.Cloud.Keys.RevokeGrantAsync(key, StoreNames.Grant(store), known, cancellation);
        }
    }
}
