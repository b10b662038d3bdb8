using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Returning;

/// <summary>The end of a store whose data is back: only marks go with it.</summary>
internal sealed class ReturnEnding(OperatorContext around, TargetActs target, LeadershipFence leadership)
{
    private readonly StoreLiveReads live = new(around);
    private readonly BatchRemoval removal = new(around.Cloud.Objects);

    /// <summary>A cloud that finds no store any more is answered by the end of its record:
    /// nothing but marks was left in it.</summary>
    public async Task DeleteAsync(EncryptedStore store, ReturnAct.DeleteStore delete, CancellationToken cancellation)
    {
        var places = await target.PlacesAsync(store, cancellation);
        if ((await live.RecordAsync(store, cancellation)).Return is not { RetiredAt: not null } back
            || back.Receipt != delete.Receipt)
        {
            throw new RefusedActException("NotRetired",
                "it is not on record that everything in the store was retired on this receipt");
        }

        await live.DemandNoCopyAsync(store, cancellation);
        var spec = places.Spec(versioned: false);
        var ownership = await around.Cloud.Stores.OwnershipAsync(spec, cancellation);
        if (ownership is not (StoreOwnership.Ours or StoreOwnership.Absent))
        {
            throw new RefusedActException("NameTaken",
                "what stands under the store's name is not this store's: it is left alone, and the record that tells "
                    + "of it stays")
                {
                    NeedsPerson = true,
                };
        }

        if (ownership == StoreOwnership.Ours)
        {
            var marks = live.OnlyMarksAsync(places.Target, "the store that its data has left",
                "move it to the shared place, or delete it", cancellation);
            if (!await removal.RemoveAsync(places.Target, marks, leadership.ThrowIfLost, cancellation))
            {
                return;
            }

            leadership.ThrowIfLost();
            await DeleteEmptiedAsync(spec, cancellation);
        }

        leadership.ThrowIfLost();
        await target.ForgetAsync(store, isReleased: false, cancellation);
    }

    /// <summary>What somebody made in it beside the data, another container for one, is not the operator's to
    /// delete.</summary>
    private async Task DeleteEmptiedAsync(StoreSpec spec, CancellationToken cancellation)
    {
        try
        {
            await around.Cloud.Stores.DeleteAsync(spec, cancellation);
        }
        catch (CloudException left) when (left.Problem is CloudProblem.Conflict { Code: "StoreNotEmpty" } full)
        {
            throw new RefusedActException(full.Code, $"{full.Message}: move it elsewhere, or delete it")
            {
                NeedsPerson = true,
            };
        }
    }
}
