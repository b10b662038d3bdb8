using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Reencrypting;
using Cloud;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>Makes what a change of key has to know of what one look at the store saw.</summary>
internal sealed class KeyChangeObserver(OperatorContext around, StoreKeys keys)
{
    private readonly ReencryptionObserver reencryption = new(around);

    public void Forget(ObjectKey store) => reencryption.Forget(store);

    /// <summary>Null of a store that has no object to ask for anything.</summary>
    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="near">What was seen already.</param>
    /// <param name="mark">What stands beside the data.</param>
    /// <param name="target">The store as it was described.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<KeyChange?> LookAsync(
        EncryptedStore store, StoreLook near, Fact<PinMark?> mark, Fact<StoreDescription> target, Glance glance)
    {
        if (store.IsRecordedOnly || !near.World.IsPlaced || near.World.Adoption is not null)
        {
            return null;
        }

        var wanted = near.World.WantedKey;
        var cloud = near.Places.Target.Cloud;
        var candidate = wanted is null ? null : keys.Candidate(store, wanted);
        return new KeyChange
        {
            Wanted = wanted,
            Candidate = candidate,
            Refusal = wanted is null ? Fact.Seen<Ruling.Refused?>(null) : RefusalOf(store, wanted),
            Keeps = store.Spec.Rotation.Keeps,
            Overlap = store.Spec.Rotation.OverlapOrDefault,
            IsRewrapped = cloud == CloudKind.Azure,
            Marked = mark.Select<IReadOnlyList<string>>(found => [.. found?.KeyIds ?? []]),
            Reencryption = await reencryption.LookAsync(store, near.Places, candidate?.In(near.World.Region)?.KeyId,
                target, glance),
            RootKey = target.Select(seen => RootKeys.Of(cloud, seen)),
        };
    }

    /// <summary>What the platform did not give of the key; of one that is not there, nothing.</summary>
    private Fact<Ruling.Refused?> RefusalOf(EncryptedStore store, string name) =>
        around.FactReader.At(CancellationToken.None).Of(() =>
            around.Cluster.FindKey(new ObjectKey(store.Metadata.Namespace ?? "", name)) is { } key
                ? around.Cluster.Judge(key, around.Cluster.Tenants.Authority) as Ruling.Refused : null);
}
