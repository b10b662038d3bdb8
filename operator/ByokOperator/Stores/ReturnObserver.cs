using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>Looks at a store's way back to its shared place. Changes nothing.</summary>
internal sealed class ReturnObserver(OperatorContext around, MigrationObserver migrations)
{
    private readonly ReturnPlaces shared = new(around);
    private readonly PlanLook plans = new(around);

    public void Forget(ObjectKey store) => plans.Forget(store);

    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="near">What was seen of it so far.</param>
    /// <param name="binding">As it stands, wherever it leads.</param>
    /// <param name="target">The store as it was described.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<StoreWorld> LookAsync(
        EncryptedStore store, (StorePlaces Places, StoreWorld World) near, Fact<BindingFacts?> binding,
        Fact<StoreDescription> target, Glance glance)
    {
        var (places, world) = near;
        if (world.Return is not { IsRetired: false } back || places.Shared is not { } place
            || world is { ClosingSince: not null, IsDeleting: false, IsRecordedOnly: false })
        {
            return world; // of a store that goes, what it leaves in the shared place is taken back, closed or not
        }

        var seen = await glance.OfAsync(cancellation =>
            shared.LookAsync(places, place, back.IsBegun, target.ForDisplay()?.KeepsVersions == true, cancellation));
        if (!back.IsBegun)
        {
            var found = back with { Place = seen };
            return world with
            {
                Return = back.IsPlanned && world.ClosingSince is null
                    ? await PlannedAsync(store, places, found, glance) : found,
            };
        }

        var look = await migrations.LookBackAsync(store, places, back.Known!, target, glance);
        var move = look.ToWorld(store, places, world) with
        {
            IsReturn = true,
            Scope = StoreNames.ReturnScope(store, back.Known!),
            Spec = StoreNames.ReturnSpec(store, back.Known!),
            KeepSourceFor = TimeSpan.Zero, // a key that stays in use for an old copy is what leaving is to end
            HoldsWorkloads = StoreVerdict.MayNotRun(world),
            Binding = binding.Select(found => found is { NamesShared: true } ? found : null),
            WantedBinding = Binding.SharedHash(store) ?? "",
        };
        return world with
        {
            Return = back with { Place = seen, Move = move, Shown = look.Progress is { } progress
                ? progress with { StartedAt = back.Known!.BegunAt } : null },
        };
    }

    private async Task<ReturnWorld> PlannedAsync(
        EncryptedStore store, StorePlaces places, ReturnWorld back, Glance glance)
    {
        var from = MoveRoute.SourceOf(places, places.Shared!);
        var source = await glance.OfAsync(cancellation =>
            around.Cloud.Stores.DescribeSharedAsync(from, places.Identity, cancellation));
        return back with
        {
            Plan = await plans.LookAsync(store, from, $"return-{StoreNames.Spec(store, places.Key.Identity)}", glance,
                cancellation => OutsidePrefix.FindAsync(around.Cloud.Objects, from, cancellation)),
            // it is of the operator's own making, marks and all
            Source = source.ForDisplay() is { } seen ? seen with { Unfit = null } : null,
        };
    }
}
