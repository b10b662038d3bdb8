using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.NextBuckets;

/// <summary>The end of a store's other bucket: of the next one, which nobody wants any more, with all that was copied;
/// of the one that the data has left, with marks alone.</summary>
internal sealed class BucketEnding(OperatorContext around, StoreMarks marks, LeadershipFence leadership)
{
    private readonly NextGate next = new(around);
    private readonly StoreLiveReads live = new(around);
    private readonly BatchRemoval removal = new(around.Cloud.Objects);
    private readonly PinnedBeside beside = new(around, marks, leadership);
    private readonly StoreRecords records = new(around);

    public async Task DeleteAsync(EncryptedStore store, NextAct.DeleteOther delete, CancellationToken cancellation)
    {
        var known = await next.KnownAsync(store, delete.Number, cancellation);
        var isConfirmed = await live.IsDeletionConfirmedAsync(store, cancellation);
        if (known.IsLeft && !isConfirmed)
        {
            throw StoreLiveReads.DeletionNotConfirmed();
        }

        await live.DemandNoCopyAsync(store, cancellation);
        var places = await next.OursAsync(known.In(store), cancellation);
        if (!isConfirmed)
        {
            await next.DemandUnwantedAsync(store, cancellation);
            await DemandCopyAsync(store, cancellation);
        }

        if (await removal.RemoveAsync(places.Target,
            around.Cloud.Objects.ListVersionsAsync(places.Target, "", null, cancellation), leadership.ThrowIfLost,
            cancellation))
        {
            leadership.ThrowIfLost();
            await around.Cloud.Stores.DeleteAsync(places.Spec(versioned: false), cancellation);
        }
    }

    /// <summary>A cloud that finds no bucket any more is answered by the end of its record: nothing but marks was left
    /// in it.</summary>
    public async Task FinishAsync(EncryptedStore store, NextAct.Finish finish, CancellationToken cancellation)
    {
        var record = await live.RecordAsync(store, cancellation);
        if (record.Other is not { RetiredAt: not null } known || known.Receipt != finish.Receipt)
        {
            throw new RefusedActException("NotRetired",
                "it is not on record that everything in the old bucket was retired on this receipt");
        }

        await live.DemandNoCopyAsync(store, cancellation);
        var places = StoreBuckets.PlacesOf(known.In(store), around.Cluster);
        if (await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation)
            != StoreOwnership.Absent)
        {
            places = await next.OursAsync(known.In(store), cancellation);
            var marksAlone = live.OnlyMarksAsync(places.Target, "the bucket that the data has left",
                "move it into the store, or delete it", cancellation);
            if (!await removal.RemoveAsync(places.Target, marksAlone, leadership.ThrowIfLost, cancellation))
            {
                return;
            }

            leadership.ThrowIfLost();
            await around.Cloud.Stores.DeleteAsync(places.Spec(versioned: false), cancellation);
        }

        var left = record.AlsoPinned.First(key => key.Name == known.KeyName);
        await beside.RevokeGrantAsync(store, left.Pin.KeyId, cancellation);
        leadership.ThrowIfLost();
        await records.ChangeKeysAsync(store, standing => StoreBuckets.IsSame(standing.Other, known)
            ? PinnedKeyEdits.Left(standing with { Other = null }, known.KeyName, PinStages.Moved)
            : throw NextGate.Changed(), cancellation);
    }

    /// <summary>What the next bucket holds was copied from one that stands, and is this store's.</summary>
    private async Task DemandCopyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var own = StoreBuckets.PlacesOf(store, around.Cluster).Spec(versioned: false);
        if (await around.Cloud.Stores.OwnershipAsync(own, cancellation) != StoreOwnership.Ours)
        {
            throw new RefusedActException("TargetMissing",
                "the bucket that was copied can't be seen to be the store's any more: what was copied may be all that "
                    + "is left")
                {
                    NeedsPerson = true,
                };
        }
    }
}
