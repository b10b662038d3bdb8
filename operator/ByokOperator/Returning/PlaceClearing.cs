using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Returning;

/// <summary>
/// Takes away what a return brought to the shared place. Nothing stood there behind its hold when it began. Where that
/// holds everybody off, what stands there is ours; else what is ours is asked of each copy.
/// </summary>
internal sealed class PlaceClearing(OperatorContext around, LeadershipFence leadership)
{
    private readonly BatchRemoval removal = new(around.Cloud.Objects);

    /// <summary>One bounded batch.</summary>
    /// <param name="places">Of the store.</param>
    /// <param name="shared">Its shared place.</param>
    /// <param name="hold">That the return began behind.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task ClearAsync(StorePlaces places, SharedRef shared, string hold, CancellationToken cancellation)
    {
        var (held, objects) = (HeldPlace.Of(shared.Store), around.Cloud.Objects);
        var own = new OwnCopies(objects, places.Target, held);
        try
        {
            await removal.RemoveAsync(
                held, TenantListing.OfAsync(objects, held, shared.Prefix, afterKey: null, cancellation),
                async batch =>
                {
                    leadership.ThrowIfLost();
                    var seen = await around.Cloud.Stores.DescribeSharedAsync(shared, places.ReturnHold,
                        cancellation);
                    if (seen.Fence != hold)
                    {
                        throw new RefusedActException(
                            "SharedPlaceNotHeld",
                            "the hold on the shared place is not the one that the return began behind: nothing there "
                                + "is deleted");
                    }

                    await own.DemandAsync(batch, byName: true, cancellation);
                },
                cancellation);
        }
        catch (ObjectRefusedException theirs)
        {
            throw new RefusedActException(theirs.Refused.Code,
                $"{theirs.Refused.Shown}: {theirs.Refused.Fix}") { NeedsPerson = true };
        }
        catch (CloudException theirs)
            when (theirs.Problem is CloudProblem.Refused { Code: HeldPlace.TakenCode, Fix: { } mend })
        {
            throw new RefusedActException(HeldPlace.TakenCode, mend) { NeedsPerson = true };
        }
    }
}
